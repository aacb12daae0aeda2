import StepKit
public import Values

/// A read that shows what a connection's key may do, or whether the value of a setting or of a step's
/// field is right: `reads` and `looks` in app.json.
public struct ProbeSpec: Sendable {
  /// What a good answer says of the value that was looked up.
  public struct Look: Sendable {
    /// The connection's setting whose value is looked up; nil for the fields of steps that name the
    /// look.
    public let setting: String?
    /// A template over the members of what was found.
    public let words: String
    /// The path of the member that decides what the value is good for, and what each of its values says.
    public let by: String
    /// What each value of that member is good for.
    public let fits: [String: String]
    /// The path of the member that must have one value, and that value.
    public let member: String?
    /// The value that it must have.
    public let wanted: String?
    /// The path of the list that must hold the value of another field of the step, if that is set.
    public let list: String?
    /// The name of that field.
    public let listed: String?
  }

  /// What is read, for people: `invoices`.
  public let label: String
  /// The path below the base URL, a template; `{value}` is the value that is looked up.
  public let path: String
  /// The query of the request.
  public let query: JSON
  /// What the answer says of a setting; nil where only the status counts.
  public let look: Look?

  /// Reads the facts of a data file.
  public init(_ facts: ObjectReader) throws(Problem) {
    label = try facts.text("label")
    path = try facts.text("path")
    query = facts.json["query"].isNull ? [:] : facts.json["query"]
    guard facts.json["words"].nonBlank != nil else {
      look = nil
      return
    }
    look = Look(
      setting: facts.optionalText("setting"), words: try facts.text("words"),
      by: try facts.text("by"),
      fits: (facts.json["fits"].object ?? [:]).compactMapValues(\.nonBlank),
      member: facts.optionalText("member"), wanted: facts.optionalText("wanted"),
      list: facts.optionalText("list"), listed: facts.optionalText("listed"))
  }
}
