import StepKit
public import Values

/// A read that checks a permission of a key or a setting: `reads` and `looks` in `app.json`.
public struct ProbeSpec: Sendable {
  /// The check of a setting's value.
  public struct Look: Sendable {
    /// The setting.
    public let setting: String
    /// A template over the members of the thing found.
    public let words: String
    /// The path of the member that decides the use of the value.
    public let by: String
    /// The uses by the values of that member.
    public let fits: [String: String]
    /// The path of a member that must have the value ``wanted``.
    public let member: String?
    /// The required value.
    public let wanted: String?
  }

  /// The label of what is read: `invoices`.
  public let label: String
  /// The path below the base URL, a template.
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
    guard let setting = facts.optionalText("setting") else {
      look = nil
      return
    }
    look = Look(
      setting: setting, words: try facts.text("words"), by: try facts.text("by"),
      fits: (facts.json["fits"].object ?? [:]).compactMapValues(\.nonBlank),
      member: facts.optionalText("member"), wanted: facts.optionalText("wanted"))
  }
}
