public import StepKit
public import Values

/// What a receiver's answer means: the status counts, and nothing else of it.
public enum Receipt {
  /// What there is to say of a document that was taken; any other is a failure.
  ///
  /// As the specification of Standard Webhooks wants it, everything but 2xx is tried again, and 410
  /// says that the receiver wants no more.
  public static func note(_ answer: Answer) throws(Failure) -> String {
    guard let status = answer.status else {
      throw .permanent(
        "nobody can say whether the receiver got the document, and it cannot be asked; see there")
    }
    if answer.isSuccess { return "the receiver took it (\(status))" }
    switch status {
    case 410:
      throw .permanent("the receiver is gone (410): give the connection another URL")
    case 300..<400:
      throw .temporary(
        "the receiver has moved (\(status)), and redirects are not followed: give the connection its"
          + " URL", after: answer.after)
    default:
      throw .temporary("the receiver did not take it (\(status))", after: answer.after)
    }
  }
}
