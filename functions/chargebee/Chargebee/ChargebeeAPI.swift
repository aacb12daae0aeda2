import StepKit
import Values

/// Chargebee: its name in the ID mapping, and the meaning of its answers.
public enum ChargebeeAPI {
  /// The app's name in the ID mapping.
  public static let name = "chargebee"

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

  /// The failure that an answer which is not good stands for.
  static func failure(_ answer: Answer, _ thing: String, advises: Bool = false) -> Failure {
    guard let status = answer.status else {
      return .unanswered("Chargebee", "\(thing)")
    }
    let code = answer.value["api_error_code"].nonBlank.map { ", \($0.truncated(to: 60))" } ?? ""
    let reply = "(\(status)\(code))"
    if answer.isTemporary {
      return .temporary("Chargebee has trouble \(reply) with \(thing)", after: answer.after)
    }
    let next = advises ? advice(status) : ""
    return .permanent(sentence(status, reply, thing) + next + message(answer))
  }

  /// Throws the failure of an answer that a comment must not ignore: in doubt, temporary, or a refused
  /// key.
  static func checkReachable(_ answer: Answer, _ thing: String) throws(Halt) {
    if answer.isUnknown || answer.isTemporary || answer.status == 401 {
      throw halt(answer, thing)
    }
  }

  private static func sentence(_ status: Int, _ reply: String, _ thing: String) -> String {
    switch status {
    case 401: "Chargebee refused the API key \(reply): put a valid one into the connection"
    case 403:
      "the API key may not do this \(reply) for \(thing): give it the permission in Chargebee"
    case 404: "Chargebee has not found \(thing) or what it names \(reply)"
    case 409: "Chargebee cannot do this now \(reply) for \(thing): look at its state there"
    case 422:
      "Chargebee was asked for \(thing) before, within 30 minutes and with other content \(reply):"
        + " look there whether it exists, and run this again later"
    default: "Chargebee refused \(thing) \(reply)"
    }
  }

  /// What a person does next, where ``sentence(_:_:_:)`` does not say it.
  private static func advice(_ status: Int) -> String {
    switch status {
    case 401, 403, 422: ""
    case 404: ": restore it there or link another one, and retry the run"
    case 409: ", and retry the run"
    default: ": correct what it says, and retry the run"
    }
  }

  /// Chargebee's message and the parameter that it is about.
  private static func message(_ answer: Answer) -> String {
    let parameter = answer.value["param"].nonBlank.map { " (\($0.truncated(to: 100)))" } ?? ""
    return (answer.value["message"].nonBlank.map { ": " + $0.truncated(to: 300) } ?? "") + parameter
  }
}
