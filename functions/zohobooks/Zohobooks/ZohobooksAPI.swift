import StepKit
import Values

/// Zoho Books: its name in the ID mapping, and the meaning of its answers.
public enum ZohobooksAPI {
  /// The app's name in the ID mapping.
  public static let name = "zohobooks"

  /// Whether the request was carried out: besides a 2xx status, `code` must be 0.
  static func isGood(_ answer: Answer) -> Bool {
    answer.isSuccess && answer.value["code"].int == 0
  }

  /// Whether it is unknown if the request was carried out.
  static func isInDoubt(_ answer: Answer) -> Bool {
    answer.isUnknown || (answer.isSuccess && answer.value["code"].int == nil)
  }

  /// Whether the thing that was asked for does not exist.
  static func isMissing(_ answer: Answer) -> Bool {
    answer.status == 404 || code(answer) == 1002
  }

  /// The error code; nil if the request was carried out.
  static func code(_ answer: Answer) -> Int? {
    answer.value["code"].int.flatMap { $0 == 0 ? nil : $0 }
  }

  /// The body of a good answer.
  ///
  /// - Throws: The failure of any other answer; its reason names the thing that was asked for.
  static func value(of answer: Answer, _ thing: String) throws(Halt) -> JSON {
    guard isGood(answer) else { throw halt(answer, thing) }
    return answer.value
  }

  /// The failure that ends the run, with what a person does next.
  static func halt(_ answer: Answer, _ thing: String) -> Halt {
    .fail(failure(answer, thing, advises: true))
  }

  /// The failure that an answer which is not good stands for.
  static func failure(_ answer: Answer, _ thing: String, advises: Bool = false) -> Failure {
    guard let status = answer.status, !isInDoubt(answer) else {
      return .temporary("Zoho Books gave no clear answer about \(thing)", after: 30)
    }
    let code = code(answer)
    let reply = "(\(status)\(code.map { ", code \($0)" } ?? ""))"
    if answer.isTemporary || [44, 45, 1070].contains(code) {
      return .temporary("Zoho Books has trouble \(reply) with \(thing)", after: answer.after)
    }
    let message = answer.value["message"].nonBlank.map { ": " + $0.truncated(to: 300) } ?? ""
    let next = advises ? advice(status, code) : ""
    return .permanent(sentence(status, code, reply, thing) + next + message)
  }

  private static func sentence(
    _ status: Int, _ code: Int?, _ reply: String, _ thing: String
  ) -> String {
    switch (status, code) {
    case (_, 57), (403, _):
      "Zoho Books does not allow this \(reply) for \(thing): make a code with the scopes that `app show"
        + " zohobooks` names, and give it to the connection"
    case (401, _):
      "Zoho Books refused the access token \(reply): give the connection a new code"
    case (_, 6041):
      "Zoho Books does not know the organization \(reply) for \(thing): correct it in the connection"
    case (404, _), (_, 1002): "Zoho Books has not found \(thing) or what it names \(reply)"
    default: "Zoho Books refused \(thing) \(reply)"
    }
  }

  /// What a person does next, where ``sentence(_:_:_:_:)`` does not say it.
  private static func advice(_ status: Int, _ code: Int?) -> String {
    switch (status, code) {
    case (_, 57), (403, _), (401, _), (_, 6041): ""
    case (404, _), (_, 1002): ": restore it there or link another one, and retry the run"
    default: ": correct what it says, and retry the run"
    }
  }
}
