import StepKit
import Values

/// What all steps of Zoho Books share: its name, and the sorting of its answers.
public enum Zohobooks {
  /// The app's name in the ID mapping.
  public static let name = "zohobooks"

  /// Whether it did what was asked: a good status alone says nothing, `code` must be 0.
  static func isGood(_ answer: Answer) -> Bool {
    answer.isSuccess && answer.value["code"].int == 0
  }

  /// Whether nobody can say if it did what was asked.
  static func isInDoubt(_ answer: Answer) -> Bool {
    answer.isUnknown || (answer.isSuccess && answer.value["code"].int == nil)
  }

  /// Whether it knows nothing of the kind that was asked for.
  static func isMissing(_ answer: Answer) -> Bool {
    answer.status == 404 || code(answer) == 1002
  }

  /// The number of its refusal.
  static func code(_ answer: Answer) -> Int? {
    answer.value["code"].int.flatMap { $0 == 0 ? nil : $0 }
  }

  /// The body of a good answer; any other is a failure that names what was wanted.
  static func value(of answer: Answer, _ thing: String) throws(Failure) -> JSON {
    guard isGood(answer) else { throw failure(answer, thing) }
    return answer.value
  }

  /// Why there is no good answer: the one place that sorts the refusals of Zoho Books.
  static func failure(_ answer: Answer, _ thing: String) -> Failure {
    guard let status = answer.status, !isInDoubt(answer) else {
      return .temporary("Zoho Books gave no clear answer about \(thing)", after: 30)
    }
    let code = code(answer)
    let reply = "(\(status)\(code.map { ", code \($0)" } ?? ""))"
    if answer.isTemporary || [44, 45, 1070].contains(code) {
      return .temporary("Zoho Books has trouble \(reply) with \(thing)", after: answer.after)
    }
    return .permanent(sentence(status, code, reply, thing) + message(answer))
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

  private static func message(_ answer: Answer) -> String {
    answer.value["message"].nonBlank.map { ": " + $0.truncated(to: 300) } ?? ""
  }
}
