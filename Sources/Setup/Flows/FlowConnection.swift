public import Catalog
import StepKit
public import Values

/// A flow with a connection for each step, the "flow link"; can be enabled and disabled.
public struct FlowConnection: Sendable {
  /// A step with its connection and fields.
  public struct Part: Sendable {
    /// The step.
    public let step: StepID
    /// The name of the connection.
    public let connection: String
    /// The fields of the step: the flow's, overridden by those of this flow connection.
    public let payload: JSON
    /// The names of the fields that this flow connection sets.
    let own: [String]
    /// The flow's condition for calling the step; nil means always.
    public let condition: StepCondition?
  }

  /// The name, chosen by the user.
  public let name: String
  /// The flow's id.
  public let flow: String
  /// Whether events start runs of it.
  public let isEnabled: Bool
  /// The trigger, then the actions, in the flow's order.
  public let parts: [Part]

  /// Whether it corresponds to the present version of its flow, apart from its own fields.
  func hasSteps(of flow: Flow) -> Bool {
    parts.map(\.step) == flow.parts.map(\.step)
      && parts.map(\.condition) == flow.parts.map(\.condition)
      && zip(parts, flow.parts).allSatisfy { own, its in
        (its.payload.object ?? [:]).allSatisfy { name, value in
          own.own.contains(name) || own.payload[name] == value
        }
      }
  }

  /// The same, enabled or disabled.
  public func enabled(_ isEnabled: Bool) -> FlowConnection {
    FlowConnection(name: name, flow: flow, isEnabled: isEnabled, parts: parts)
  }
}

extension FlowConnection {
  init(json: JSON) throws(Problem) {
    let facts = ObjectReader(json, of: "flow connection \(json["name"].string ?? "?")")
    name = try facts.text("name")
    flow = try facts.text("flow")
    isEnabled = facts.flag("enabled")
    parts = try facts.list("steps").map { (part) throws(Problem) in
      let step = try Flow.Part(part)
      return Part(
        step: step.step, connection: try part.text("connection"), payload: step.payload,
        own: part.json["set"].array?.compactMap(\.string)
          // An older build stored no names
          ?? (step.payload.object ?? [:]).keys.sorted(), condition: step.condition)
    }
  }

  /// The flow connection as it is stored and shown.
  public var json: JSON {
    [
      "name": .string(name), "flow": .string(flow), "enabled": .bool(isEnabled),
      "steps": .array(
        parts.map { part in
          .members([
            "step": .string(part.step.description), "connection": .string(part.connection),
            "payload": part.payload, "if": part.condition?.json,
            "set": .array(part.own.map { .string($0) }),
          ])
        }),
    ]
  }
}
