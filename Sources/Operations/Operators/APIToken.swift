import Setup
public import Values

/// A token with which a program uses the API of the console as an operator.
public struct APIToken: Sendable {
  /// The name, chosen by the user.
  public let name: String
  /// The operator as which it acts, with the operator's role.
  public let `operator`: String
  /// When it was made.
  public let at: Timestamp

  init(name: String, operator: String, at: Timestamp) {
    (self.name, self.operator, self.at) = (name, `operator`, at)
  }

  init(json: JSON) throws(Problem) {
    let facts = ObjectReader(json, of: "a token")
    self.init(
      name: try facts.text("name"), operator: try facts.text("operator"),
      at: try facts.time("at"))
  }

  /// The token as stored and shown, which is not the secret.
  public var json: JSON {
    [
      "name": .string(name), "operator": .string(`operator`), "at": .string(at.text),
    ]
  }
}
