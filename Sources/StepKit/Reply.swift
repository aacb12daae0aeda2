public import Values

/// The result of one call of a step.
public enum Reply<Output: Document>: Sendable {
  /// Perform these effects, then call the step again with the answers.
  case ask([Effect])
  /// The step is complete, with these last effects; the next step gets the output. The note goes to the
  /// activity log; with a warning, it says what a person should know although the step is done.
  case done(Output, [Effect] = [], note: String? = nil, isWarning: Bool = false)
  /// The run ends here without a fault; the reason goes to the activity log.
  case stop(String)
  /// The run ends here, and what it was to sync is not synced: a person must decide. Nothing is wrong
  /// with the run itself, such as for an invoice of a customer that exists on one side only.
  case notSynced(String)
  /// The run cannot go on until a person acts.
  case fail(String)
  /// Retry later, after a number of seconds if known. Answers to reads, and those in doubt, are
  /// discarded until then; confirmed changes are kept. Aside, the run lets later runs of its lane go
  /// first: it waits for another system, and nothing depends on the order.
  case retry(String, after: Int? = nil, aside: Bool = false)

  /// The reply that reports a halt.
  public init(_ halt: Halt) {
    switch halt {
    case .ask(let effects): self = .ask(effects)
    case .notSynced(let reason): self = .notSynced(reason)
    case .fail(.permanent(let reason)): self = .fail(reason)
    case .fail(.temporary(let reason, let after)): self = .retry(reason, after: after)
    }
  }

  /// The step is complete, with a remark.
  public static func done(_ output: Output, remark: Remark) -> Reply {
    .done(output, note: remark.text, isWarning: remark.isWarning)
  }

  /// The reply as it goes over the pipe.
  public var json: JSON {
    switch self {
    case .ask(let effects): ["outcome": "ask", "effects": .array(effects.map(\.json))]
    case .done(let output, let effects, let note, let isWarning):
      .members([
        "outcome": "done", "output": output.json, "note": .text(note),
        "warning": isWarning ? true : nil,
        "effects": effects.isEmpty ? nil : .array(effects.map(\.json)),
      ])
    case .stop(let reason): ["outcome": "stop", "reason": .string(reason)]
    case .notSynced(let reason):
      ["outcome": "stop", "attention": true, "reason": .string(reason)]
    case .fail(let reason): ["outcome": "fail", "reason": .string(reason)]
    case .retry(let reason, let after, let isAside):
      .members([
        "outcome": "retry", "reason": .string(reason), "after": .int(after),
        "aside": isAside ? true : nil,
      ])
    }
  }
}

/// The longest time that a reply may ask to wait, in seconds: 30 days.
private let longestWait = 30 * 86_400

extension Reply<JSON> {
  /// Reads a reply from the pipe.
  ///
  /// - Throws: A permanent failure that names what is wrong with the reply.
  public init(json: JSON) throws(Failure) {
    let reason = json["reason"].nonBlank
    switch (json["outcome"].string, reason) {
    case ("ask", _):
      let effects = try json["effects"].items.map(Effect.init(json:))
      guard !effects.isEmpty else { throw .permanent("the reply asks for nothing") }
      self = .ask(effects)
    case ("done", _):
      let effects = try json["effects"].items.map(Effect.init(json:))
      let note = json["note"].nonBlank
      let isWarning = note != nil && json["warning"].bool == true
      self = .done(json["output"], effects, note: note, isWarning: isWarning)
    case ("stop", let reason?):
      self = json["attention"].bool == true ? .notSynced(reason) : .stop(reason)
    case ("fail", let reason?): self = .fail(reason)
    case ("retry", let reason?):
      // A wait out of range is as good as the longest or none: nothing must overflow by it.
      let after = json["after"].int.map { min(max($0, 0), longestWait) }
      self = .retry(reason, after: after, aside: json["aside"].bool ?? false)
    default:
      throw .permanent("a reply's outcome is ask, done, or stop, fail or retry with a reason")
    }
  }
}
