import Setup
public import Values

/// A person with an account on the console.
public struct Operator: Sendable, Equatable {
  /// The name, by which the person signs in and which the activity log shows.
  public let name: String
  /// What the person may do.
  public var role: Role
  /// When the account was created.
  public let at: Timestamp

  /// Creates an operator.
  public init(name: String, role: Role, at: Timestamp) {
    (self.name, self.role, self.at) = (name, role, at)
  }
}

extension Operator {
  init(json: JSON) throws(Problem) {
    let facts = ObjectReader(json, of: "operator \(json["name"].string ?? "?")")
    guard let role = Role(rawValue: try facts.text("role")) else {
      throw facts.wrong("role", "is unknown")
    }
    self.init(name: try facts.text("name"), role: role, at: try facts.time("at"))
  }

  /// The operator as stored and shown; the password is in neither.
  public var json: JSON {
    ["name": .string(name), "role": .string(role.rawValue), "at": .string(at.text)]
  }
}
