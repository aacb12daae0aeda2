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
    /// The path of the member that decides the use of the value.
    public let by: String
    /// The uses by the values of that member.
    public let fits: [String: String]
    /// The path of a member that must have the value ``wanted``.
    public let member: String?
    /// The required value.
    public let wanted: String?
    /// The path of the list that must hold the value of another field of the step, if that is set.
    public let list: String?
    /// The name of that field.
    public let listed: String?
    /// What the keys of tables are of which they are looked up in the app of the trigger, such as `price`.
    public let names: String?
    /// The path of the currency of what was found, which must be in the list of the value beside the key.
    public let currency: String?
  }

  /// The label of what is read: `invoices`.
  public let label: String
  /// The path below the base URL, a template; `{value}` is the value that is looked up.
  public let path: String
  /// The query of the request.
  public let query: JSON
  /// The check of a setting; nil if only the status counts.
  public let look: Look?

  /// Reads a probe of `app.json`.
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
      list: facts.optionalText("list"), listed: facts.optionalText("listed"),
      names: facts.optionalText("names"), currency: facts.optionalText("currency"))
  }
}
