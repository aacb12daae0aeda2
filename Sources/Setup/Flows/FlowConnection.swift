public import Catalog
import StepKit
public import Values

/// A flow with a connection chosen for each step, the "flow link"; can be enabled and disabled.
public struct FlowConnection: Sendable {
  /// A step with the connection it goes through and what is set for it here.
  public struct Part: Sendable {
    /// The step.
    public let step: StepID
    /// The name of the connection.
    public let connection: String
    /// The flow's settings for the step, overridden by those of this flow connection.
    public let payload: JSON
    /// The names of those that were set here.
    let own: [String]
    /// When the step is called, as the flow says; nil for always.
    public let condition: StepCondition?
  }

  /// The name that the user gave it.
  public let name: String
  /// The flow's id.
  public let flow: String
  /// Whether events run it.
  public let isEnabled: Bool
  /// The trigger, then the actions, in the flow's order.
  public let parts: [Part]

  /// Whether it was made from that flow as it is now, but for what was set here.
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
          // One that was kept before this was noted
          ?? (step.payload.object ?? [:]).keys.sorted(), condition: step.condition)
    }
  }

  /// The flow connection as it is kept and shown.
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
