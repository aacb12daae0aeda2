public import StepKit
public import Values

/// What all steps of Chargebee share: its name, and the sorting of its answers.
public enum Chargebee {
  /// The app's name in the ID mapping.
  public static let name = "chargebee"

  /// The body of a good answer; any other is a failure that names what was wanted.
  public static func value(of answer: Answer, _ thing: String) throws(Failure) -> JSON {
    guard answer.isSuccess else { throw failure(answer, thing) }
    return answer.value
  }

  /// Why there is no good answer: the one place that sorts Chargebee's refusals.
  public static func failure(_ answer: Answer, _ thing: String) -> Failure {
    guard let status = answer.status else {
      return .temporary("\(thing) is in doubt", after: 30)
    }
    let code = answer.value["api_error_code"].nonBlank.map { ", \($0.truncated(to: 60))" } ?? ""
    let reply = "(\(status)\(code))"
    if answer.isTemporary {
      return .temporary("Chargebee has trouble \(reply) with \(thing)", after: answer.after)
    }
    return .permanent(sentence(status, reply, thing) + message(answer))
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

  /// Chargebee's own sentence and the parameter that it is about.
  private static func message(_ answer: Answer) -> String {
    let parameter = answer.value["param"].nonBlank.map { " (\($0.truncated(to: 100)))" } ?? ""
    return (answer.value["message"].nonBlank.map { ": " + $0.truncated(to: 300) } ?? "") + parameter
  }
}
