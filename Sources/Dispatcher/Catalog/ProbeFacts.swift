import StepKit
import Values

/// A read that shows what a connection's key may do, or whether one of its settings is right: `reads`
/// and `looks` in app.json.
struct ProbeFacts: Sendable {
  /// What a good answer says of a setting's value.
  struct Look: Sendable {
    /// The setting whose value is looked up.
    let setting: String
    /// A template over the members of what was found.
    let words: String
    /// The path of the member that decides what the value is good for, and what each of its values says.
    let by: String
    let fits: [String: String]
    /// The path of the member that must have one value, and that value.
    let member: String?
    let wanted: String?
  }

  /// What is read, for people: `invoices`.
  let label: String
  /// The path below the base URL, a template.
  let path: String
  let query: JSON
  /// What the answer says of a setting; nil where only the status counts.
  let look: Look?

  init(_ facts: Facts) throws(Problem) {
    label = try facts.text("label")
    path = try facts.text("path")
    query = facts.json["query"].isNull ? [:] : facts.json["query"]
    guard let setting = facts.optionalText("setting") else {
      look = nil
      return
    }
    look = Look(
      setting: setting, words: try facts.text("words"), by: try facts.text("by"),
      fits: (facts.json["fits"].object ?? [:]).compactMapValues(\.nonBlank),
      member: facts.optionalText("member"), wanted: facts.optionalText("wanted"))
  }

  /// The request for a connection; nil where it has no value to look up.
  func effect(for connection: Connection) -> HTTPEffect? {
    if let look, connection.settings[look.setting].nonBlank == nil { return nil }
    let path = path.filling { connection.filled("{\($0)}").percentEncoded }
    return HTTPEffect(name: "probe", method: .get, path: path, query: query)
  }
}
