public import Values

/// One call of a step: all that the world tells it.
///
/// On the pipe it is a JSON object with the key `input`; an object without that key is a bare event
/// and stands for `{"input": <that object>}`, so that a raw webhook can be piped as it is.
public struct Invocation<Input: Document>: Sendable {
  /// The run's id, where there is a run.
  public let run: String?
  /// The time the run started: the only clock a step has.
  public let at: Timestamp?
  /// For a trigger the webhook as received, for an action the noun.
  public let input: Input
  /// The flow's own settings for this step.
  public let payload: JSON
  /// The connection's settings, secrets left out.
  public let settings: JSON
  /// What came of the effects that the step asked for before, by their names.
  public let answers: [String: Answer]

  /// A call, as the dispatcher or a test makes it.
  public init(
    run: String? = nil, at: Timestamp? = nil, input: Input, payload: JSON = [:],
    settings: JSON = [:], answers: [String: Answer] = [:]
  ) {
    self.run = run
    self.at = at
    self.input = input
    self.payload = payload
    self.settings = settings
    self.answers = answers
  }

  /// The value of the flow's setting for this step or, where it has none, of the connection's.
  public func option(_ name: String) -> JSON {
    payload[name].isNull ? settings[name] : payload[name]
  }
}

extension Invocation<JSON> {
  /// Reads an invocation or a bare event; an error says which key is wrong.
  public init(json: JSON) throws(Failure) {
    guard case .object(let members) = json else {
      throw .permanent("an invocation is a JSON object")
    }
    guard let input = members["input"] else {
      self.init(input: json)
      return
    }
    var answers: [String: Answer] = [:]
    for (name, value) in try Self.object(members, "answers") {
      answers[name] = try Answer(json: value)
    }
    self.init(
      run: json["run"].string, at: try Self.time(json["at"]), input: input,
      payload: .object(try Self.object(members, "payload")),
      settings: .object(try Self.object(members, "settings")), answers: answers)
  }

  /// The same call with its input read as a noun.
  func reading<Noun: Document>(_ noun: Noun.Type) throws(Failure) -> Invocation<Noun> {
    Invocation<Noun>(
      run: run, at: at, input: try Noun(json: input), payload: payload, settings: settings,
      answers: answers)
  }

  private static func object(
    _ members: [String: JSON], _ name: String
  ) throws(Failure) -> [String: JSON] {
    guard let value = members[name], !value.isNull else { return [:] }
    guard let object = value.object else {
      throw .permanent("the invocation's \"\(name)\" must be an object")
    }
    return object
  }

  private static func time(_ value: JSON) throws(Failure) -> Timestamp? {
    if value.isNull { return nil }
    guard let time = value.string.flatMap(Timestamp.init(iso:)) else {
      throw .permanent("the invocation's \"at\" must be a time such as 2026-01-31T09:30:00Z")
    }
    return time
  }
}

extension Invocation {
  /// The call as it goes over the pipe.
  public var json: JSON {
    .members([
      "run": .text(run), "at": .text(at?.text), "input": input.json, "payload": payload,
      "settings": settings, "answers": .object(answers.mapValues(\.json)),
    ])
  }
}
