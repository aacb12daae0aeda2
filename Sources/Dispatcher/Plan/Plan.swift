public import Catalog
import StepKit
public import Values

/// The effects that a flow connection would have for an event, none of which was performed except reads.
public struct Plan: Sendable {
  /// The part of one step.
  public struct Part: Sendable {
    /// The step.
    public let step: StepID
    /// The connection of the step.
    public let connection: String
    /// Whether the step is the trigger of the flow.
    public let isTrigger: Bool
    /// The effects that the step requests, in order.
    public internal(set) var effects: [PlannedEffect] = []
    /// The outcome of the last reply; `unknown` if it depends on an answer that cannot be assumed;
    /// `skip` if the condition of the step is not met.
    public internal(set) var outcome = "unknown"
    /// The reason or note of the outcome.
    public internal(set) var reason: String?
  }

  /// The flow connection.
  public let flowConnection: String
  /// The id of the event; a hash of an event without an id.
  public let event: String
  /// The steps that would be called or skipped.
  public internal(set) var parts: [Part] = []

  /// Whether an app or the ID mapping would change.
  public var changes: Bool { parts.contains { $0.effects.contains(where: \.changeKind.isChange) } }

  /// Whether the trigger makes something of the event; it may fail to.
  public var concernsFlow: Bool { parts.count != 1 || parts[0].outcome != "stop" }

  /// Whether the flow would not complete, as far as is known.
  public var needsAttention: Bool {
    parts.contains { ["fail", "not synced", "retry", "unknown"].contains($0.outcome) }
  }
}

extension Plan {
  /// The plan as JSON.
  public var json: JSON {
    .members([
      "flowConnection": .string(flowConnection), "event": .string(event),
      "changes": .bool(changes), "trouble": .bool(needsAttention),
      "steps": .array(parts.map(\.json)),
    ])
  }
}

extension Plan.Part {
  /// A summary of the step: `start` for a trigger, otherwise `create`, `update`, `link` or `skip`.
  public var summary: String {
    if isTrigger { return "start" }
    let kinds = effects.map(\.changeKind)
    let first = [PlannedEffect.ChangeKind.create, .update, .link].first(where: kinds.contains)
    return first?.rawValue ?? "skip"
  }

  /// Sets the outcome from the last reply.
  mutating func end(with reply: Reply<JSON>) {
    switch reply {
    case .done(_, _, let note, _): (outcome, reason) = ("done", note)
    case .stop(let text): (outcome, reason) = ("stop", text)
    case .notSynced(let text): (outcome, reason) = ("not synced", text)
    case .fail(let text): (outcome, reason) = ("fail", text)
    case .retry(let text, _, _): (outcome, reason) = ("retry", text)
    case .ask: break
    }
  }

  fileprivate var json: JSON {
    .members([
      "step": .string(step.description), "connection": .string(connection),
      "deed": .string(summary), "outcome": .string(outcome), "words": .text(reason),
      "effects": .array(effects.map(\.json)),
    ])
  }
}

extension PlannedEffect {
  fileprivate var json: JSON {
    var members = effect.json.object ?? [:]
    members["deed"] = .string(changeKind.rawValue)
    members["assumed"] = .bool(isAssumed)
    members["path"] = path.map(JSON.string)
    members["body"] = body.map(JSON.string)
    if let answer {
      members["answer"] = answer.answer.json
      members["answerAssumed"] = .bool(answer.isAssumed)
    }
    return .object(members)
  }
}
