import StepKit
public import Values

/// A flow: when a trigger fires, do some actions.
public struct Flow: Sendable {
  /// The direction of a flow.
  public enum Direction: String, Sendable {
    /// From a third party to Togai.
    case inbound
    /// From Togai to a third party.
    case outbound
  }

  /// A step with the fields that the flow sets.
  public struct Part: Sendable {
    /// The step.
    public let step: StepID
    /// The fields that the flow sets.
    public let payload: JSON
    /// The condition for calling the step; nil means always.
    public let condition: StepCondition?
  }

  /// The id, which is the name of the file: `chargebee-togai-customer-sync`.
  public let id: String
  /// Earlier ids, which still find the flow.
  public let aliases: [String]
  /// The name for people.
  public let name: String
  /// The description.
  public let description: String
  /// The direction.
  public let direction: Direction
  /// Whether it comes with Meterbridge; otherwise it is the user's own.
  public let isPublic: Bool
  /// The trigger, then the actions, in order.
  public let parts: [Part]
  /// The policy of its new flow connections, as Policies reads it; null for none.
  public let policy: JSON
}

extension Flow {
  /// Reads a flow file.
  /// - Throws: A `configuration` problem that names the key.
  public init(id: String, json: JSON, isPublic: Bool) throws(Problem) {
    let facts = ObjectReader(json, of: "flow \(id)")
    self.id = id
    self.isPublic = isPublic
    aliases = try facts.optionalTexts("aliases") ?? []
    name = try facts.text("name")
    description = facts.optionalText("description") ?? ""
    direction = try Self.direction(facts)
    policy = json["policy"]
    parts = try ([facts.member("when")] + Self.actions(facts)).map { (part) throws(Problem) in
      try Part(part)
    }
  }

  static func direction(_ facts: ObjectReader) throws(Problem) -> Direction {
    guard let direction = Direction(rawValue: try facts.text("type")) else {
      throw facts.wrong("type", "is inbound or outbound")
    }
    return direction
  }

  static func actions(_ facts: ObjectReader) throws(Problem) -> [ObjectReader] {
    let actions = try facts.list("then")
    guard !actions.isEmpty else { throw facts.wrong("then", "must hold at least one action") }
    return actions
  }

  /// Whether this is the flow's id or one of its aliases.
  public func hasID(_ id: String) -> Bool { id == self.id || aliases.contains(id) }

  /// The flow with a policy for its new flow connections.
  public func with(policy: JSON) -> Flow {
    Flow(
      id: id, aliases: aliases, name: name, description: description, direction: direction,
      isPublic: isPublic, parts: parts, policy: policy)
  }

  /// The flow file, without the aliases: a copy is another flow.
  public var json: JSON {
    func part(_ part: Part) -> JSON {
      .members([
        "step": .string(part.step.description), "payload": part.payload == [:] ? nil : part.payload,
        "if": part.condition?.json,
      ])
    }
    return .members([
      "name": .string(name), "description": .string(description),
      "type": .string(direction.rawValue), "when": parts.first.map(part),
      "then": .array(parts.dropFirst().map(part)), "policy": policy.isNull ? nil : policy,
    ])
  }
}

extension Flow.Part {
  /// Reads a step of a flow.
  public init(_ facts: ObjectReader) throws(Problem) {
    guard let step = StepID(try facts.text("step")) else {
      throw facts.wrong("step", "is written app/step")
    }
    self.step = step
    payload = facts.json["payload"].isNull ? [:] : facts.json["payload"]
    guard payload.object != nil else { throw facts.wrong("payload", "must be an object") }
    condition = facts.json["if"].isNull ? nil : try StepCondition(facts.member("if"))
  }
}
