public import StepKit
public import Values

/// What all steps of Togai share: its name, and the sorting of its answers.
public enum Togai {
  /// The app's name in the ID mapping.
  public static let name = "togai"

  /// The body of a good answer; any other is a failure that names what was wanted.
  public static func value(of answer: Answer, _ thing: String) throws(Failure) -> JSON {
    guard answer.isSuccess else { throw failure(answer, thing) }
    return answer.value
  }

  /// Why there is no good answer: the one place that sorts Togai's refusals.
  ///
  /// Togai gives no error codes, only a status and a sentence.
  public static func failure(_ answer: Answer, _ thing: String) -> Failure {
    guard let status = answer.status else {
      return .temporary("\(thing) is in doubt", after: 30)
    }
    if answer.isTemporary {
      return .temporary("Togai answered \(status) for \(thing)", after: answer.after)
    }
    switch status {
    case 401:
      return .permanent("Togai refused the API token (401): put a valid one into the connection")
    case 403:
      return .permanent(
        "the API token may not do this (403) for \(thing): give it the permission in Togai's Admin"
          + " Center\(message(answer))")
    case 404: return .permanent("Togai does not know \(thing) (404)\(message(answer))")
    default: return .permanent("Togai refused \(thing) (\(status))\(message(answer))")
    }
  }

  /// Whether a read found nothing: refused, but not for want of a permission or of patience.
  public static func isNothing(_ answer: Answer) -> Bool {
    guard let status = answer.status, (400..<500).contains(status) else { return false }
    return status != 401 && status != 403 && !answer.isTemporary
  }

  /// Togai's own sentence, after a colon.
  private static func message(_ answer: Answer) -> String {
    answer.value["message"].nonBlank.map { ": " + $0.truncated(to: 300) } ?? ""
  }
}
