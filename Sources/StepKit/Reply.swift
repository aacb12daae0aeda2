public import Values

/// What a step says at the end of a call.
public enum Reply<Output: Document>: Sendable {
  /// Do these, then call again with the answers.
  case ask([Effect])
  /// The step's work is done, with these last effects; the next step gets the output.
  case done(Output, [Effect] = [], note: String? = nil)
  /// The run ends here and nothing is wrong; the reason goes to the activity log.
  case stop(String)
  /// The run cannot go on; a person must look.
  case fail(String)
  /// Try again later, after so many seconds if that is known. What the step has read, and what was in
  /// doubt, is forgotten until then; changes that were confirmed are not.
  case retry(String, after: Int? = nil)

  /// The reply to a failure.
  public init(_ failure: Failure) {
    switch failure {
    case .permanent(let reason): self = .fail(reason)
    case .temporary(let reason, let after): self = .retry(reason, after: after)
    }
  }

  /// The reply as it goes over the pipe.
  public var json: JSON {
    switch self {
    case .ask(let effects): ["outcome": "ask", "effects": .array(effects.map(\.json))]
    case .done(let output, let effects, let note):
      .members([
        "outcome": "done", "output": output.json, "note": .text(note),
        "effects": effects.isEmpty ? nil : .array(effects.map(\.json)),
      ])
    case .stop(let reason): ["outcome": "stop", "reason": .string(reason)]
    case .fail(let reason): ["outcome": "fail", "reason": .string(reason)]
    case .retry(let reason, let after):
      .members(["outcome": "retry", "reason": .string(reason), "after": .int(after)])
    }
  }
}

extension Reply<JSON> {
  /// Reads a reply that came over a pipe; an error says what is wrong with it.
  public init(json: JSON) throws(Failure) {
    let reason = json["reason"].nonBlank
    switch (json["outcome"].string, reason) {
    case ("ask", _):
      let effects = try Self.effects(json)
      guard !effects.isEmpty else { throw .permanent("the reply asks for nothing") }
      self = .ask(effects)
    case ("done", _):
      self = .done(json["output"], try Self.effects(json), note: json["note"].nonBlank)
    case ("stop", let reason?): self = .stop(reason)
    case ("fail", let reason?): self = .fail(reason)
    case ("retry", let reason?): self = .retry(reason, after: json["after"].int)
    default:
      throw .permanent("a reply's outcome is ask, done, or stop, fail or retry with a reason")
    }
  }

  private static func effects(_ json: JSON) throws(Failure) -> [Effect] {
    var effects: [Effect] = []
    for effect in json["effects"].array ?? [] { effects.append(try Effect(json: effect)) }
    return effects
  }
}
