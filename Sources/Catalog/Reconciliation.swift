public import StepKit
import Values

/// Two lists that must agree, as `functions/reconciliations/<id>.json` describes it.
public struct Reconciliation: Sendable {
  /// The id, the name of the file.
  public let id: String
  /// The name for people.
  public let name: String
  /// What the flows make that it checks: the accounts of flow connections that make it are compared.
  public let makes: String
  /// The kind of what they make in the ID mapping.
  public let kind: Kind
  /// Whether both apps give one date to a thing: then months are compared, and neither list goes far beyond them.
  public let hasOneDate: Bool
  /// The list step of the app that things come from.
  public let from: StepID
  /// The list step of the app that things are made in.
  public let to: StepID

  init(id: String, json: JSON) throws(Problem) {
    let facts = ObjectReader(json, of: "reconciliations/\(id).json")
    try facts.knows(["name", "makes", "hasOneDate", "from", "to"])
    self.id = id
    name = try facts.text("name")
    makes = try facts.text("makes")
    guard let kind = Kind(rawValue: makes) else {
      throw facts.wrong("makes", "is a kind of the ID mapping, such as invoice")
    }
    self.kind = kind
    hasOneDate = json["hasOneDate"].bool ?? true
    from = try Self.step("from", facts)
    to = try Self.step("to", facts)
  }

  private static func step(_ key: String, _ facts: ObjectReader) throws(Problem) -> StepID {
    guard let step = StepID(try facts.text(key)) else {
      throw facts.wrong(key, "is no step such as togai/list-invoices")
    }
    return step
  }
}
