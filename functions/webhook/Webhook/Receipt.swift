public import StepKit
import Values

/// The meaning of a receiver's answer, of which only the status counts.
public enum Receipt {
  /// The note on an accepted delivery.
  ///
  /// As in the specification of Standard Webhooks, every status but 2xx is retried, and 410 says that
  /// the receiver wants no more.
  ///
  /// - Throws: A permanent failure if the outcome is unknown or the status is 410, a temporary one for
  ///   every other status.
  public static func note(_ answer: Answer) throws(Halt) -> String {
    guard let status = answer.status else {
      throw .permanent(
        "nobody can say whether the receiver got the document, and it cannot be asked: look there, then `meterbridge run settle`"
      )
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
