import StepKit
public import Values

/// Where an app tells the value of a setting: `told` of a setting in `app.json`.
public struct ToldSetting: Sendable {
  /// The path below the base URL.
  public let path: String
  /// The query of the request.
  public let query: JSON
  /// The path of the value in the answer.
  public let member: String
  /// What tells it, for people: `the newest invoice`.
  public let source: String

  init(_ facts: ObjectReader) throws(Problem) {
    path = try facts.text("path")
    query = facts.json["query"].isNull ? [:] : facts.json["query"]
    member = try facts.text("member")
    source = try facts.text("source")
  }

  /// The value in an answer; nil if it has none.
  public func value(in answer: JSON) -> String? {
    StepCondition.value(at: member, of: answer).nonBlank
  }
}
