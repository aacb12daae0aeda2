public import Values

/// A flow that a person is putting together, from options or from a form.
public struct FlowDraft: Sendable {
  /// The name.
  public var name: String
  /// What the flow does.
  public var description: String?
  /// `inbound` or `outbound`.
  public var type: String
  /// The trigger, written `app/step`.
  public var trigger: String
  /// The actions in order.
  public var actions: [String]
  /// The fields of the steps.
  public var payloads: [String: [String: JSON]]
  /// The conditions of the steps.
  public var conditions: [String: JSON]

  /// A draft without fields and conditions.
  public init(
    name: String, description: String? = nil, type: String, trigger: String, actions: [String]
  ) {
    (self.name, self.description, self.type) = (name, description, type)
    (self.trigger, self.actions) = (trigger, actions)
    (payloads, conditions) = ([:], [:])
  }

  /// The steps, the trigger first.
  public var steps: [String] { [trigger] + actions }

  /// The flow file.
  public var json: JSON {
    func part(_ step: String) -> JSON {
      .members([
        "step": .string(step), "payload": payloads[step].map { .object($0) },
        "if": conditions[step],
      ])
    }
    return .members([
      "name": .string(name), "description": .text(description), "type": .string(type),
      "when": part(trigger), "then": .array(actions.map(part)),
    ])
  }
}
