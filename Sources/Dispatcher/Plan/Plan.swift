public import Catalog
public import StepKit
public import Values

/// What a flow connection would do with an event: each effect in order, and none of those performed
/// that change anything.
public struct Plan: Sendable {
  /// What one step of the flow would do.
  public struct Part: Sendable {
    /// The step.
    public let step: StepID
    /// The connection that it works with.
    public let connection: String
    /// Whether it starts the flow.
    public let isTrigger: Bool
    /// What it asks for, in order.
    public internal(set) var effects: [PlannedEffect] = []
    /// How it ends: a reply's outcome, or `unknown` where that depends on an answer that nobody can
    /// assume.
    public internal(set) var outcome = "unknown"
    /// What it says to that.
    public internal(set) var words: String?
  }

  /// The flow connection.
  public let flowConnection: String
  /// The event's id, or what stands for it.
  public let event: String
  /// The steps that would be called.
  public internal(set) var parts: [Part] = []

  /// Whether anything would change, here or there.
  public var changes: Bool { parts.contains { $0.effects.contains(where: \.deed.isChange) } }

  /// Whether the flow would not come to a good end, as far as can be said.
  public var isInTrouble: Bool {
    parts.contains { ["fail", "not synced", "retry", "unknown"].contains($0.outcome) }
  }
}

/// An effect that a step asks for in a plan.
public struct PlannedEffect: Sendable {
  /// What it would be.
  public enum ChangeKind: String, Sendable {
    /// Something new in the app.
    case create
    /// A change of something in the app.
    case update
    /// A row of the ID mapping.
    case link
    /// A look into the ID mapping.
    case find
    /// A read of the app's.
    case read

    /// Whether anything would change, here or there.
    public var isChange: Bool { self != .find && self != .read }
  }

  /// What it would be.
  public let deed: ChangeKind
  /// The effect, as the step asks for it.
  public let effect: Effect
  /// For a request its path with the query, as it would go on the wire; nil for the ID mapping.
  public let path: String?
  /// For a request its body, as it would go on the wire.
  public let body: String?
  /// Whether it depends on an answer that was assumed.
  public let isAssumed: Bool
  /// The answer that the step was given, and whether it is an assumption.
  public internal(set) var answer: (answer: Answer, isAssumed: Bool)?
}

extension Plan {
  /// The plan as data.
  public var json: JSON {
    .members([
      "flowConnection": .string(flowConnection), "event": .string(event),
      "changes": .bool(changes), "trouble": .bool(isInTrouble),
      "steps": .array(parts.map(\.json)),
    ])
  }
}

extension Plan.Part {
  /// What the step would do, in a word: `start` for a trigger, else one of a plan's deeds, or `skip`
  /// where it would do nothing.
  public var deed: String {
    if isTrigger { return "start" }
    let deeds = effects.map(\.deed).filter(\.isChange)
    let first = [PlannedEffect.ChangeKind.create, .update, .link].first(where: deeds.contains)
    return first?.rawValue ?? "skip"
  }

  /// Takes the last reply of the step.
  mutating func end(with reply: Reply<JSON>) {
    switch reply {
    case .done(_, _, let note): (outcome, words) = ("done", note)
    case .stop(let reason): (outcome, words) = ("stop", reason)
    case .notSynced(let reason): (outcome, words) = ("not synced", reason)
    case .fail(let reason): (outcome, words) = ("fail", reason)
    case .retry(let reason, _, _): (outcome, words) = ("retry", reason)
    case .ask: break
    }
  }

  fileprivate var json: JSON {
    .members([
      "step": .string(step.description), "connection": .string(connection),
      "deed": .string(deed), "outcome": .string(outcome), "words": .text(words),
      "effects": .array(effects.map(\.json)),
    ])
  }
}

extension PlannedEffect {
  /// Whether it has no answer although the step waits for one.
  var isOpen: Bool { effect.name != nil && answer == nil }

  fileprivate var json: JSON {
    var members = effect.json.object ?? [:]
    members["deed"] = .string(deed.rawValue)
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
