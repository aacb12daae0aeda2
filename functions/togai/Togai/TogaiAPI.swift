import StepKit
import Values

/// Togai: its name in the ID mapping, and the meaning of its answers.
public enum TogaiAPI {
  /// The app's name in the ID mapping.
  public static let name = "togai"

  /// The body of a good answer.
  ///
  /// - Throws: The failure of any other answer; its reason names the thing that was asked for.
  static func value(of answer: Answer, _ thing: String) throws(Halt) -> JSON {
    guard answer.isSuccess else { throw halt(answer, thing) }
    return answer.value
  }

  /// The failure that ends the run, with what a person does next.
  static func halt(_ answer: Answer, _ thing: String) -> Halt {
    .fail(failure(answer, thing, advises: true))
  }

  /// The failure that an answer which is not good stands for; Togai has no error codes, only a status
  /// and a message.
  static func failure(_ answer: Answer, _ thing: String, advises: Bool = false) -> Failure {
    guard let status = answer.status else {
      return .unanswered("Togai", "\(thing)")
    }
    if answer.isTemporary {
      return .temporary("Togai answered \(status) for \(thing)", after: answer.after)
    }
    let message = answer.value["message"].nonBlank.map { ": " + $0.truncated(to: 300) } ?? ""
    switch status {
    case 401:
      return .permanent("Togai refused the API token (401): put a valid one into the connection")
    case 403:
      return .permanent(
        "the API token may not do this (403) for \(thing): give it the permission in Togai's Admin"
          + " Center\(message)")
    case 404:
      let advice = advises ? ": restore it there or link another one, and retry the run" : ""
      return .permanent("Togai does not know \(thing) (404)\(advice)\(message)")
    default:
      let advice = advises ? ": correct what it says, and retry the run" : ""
      return .permanent("Togai refused \(thing) (\(status))\(advice)\(message)")
    }
  }

  /// Whether the thing was refused or not found, for another reason than the token or the load.
  static func isRefused(_ answer: Answer) -> Bool {
    guard let status = answer.status, (400..<500).contains(status) else { return false }
    return status != 401 && status != 403 && !answer.isTemporary
  }
}
