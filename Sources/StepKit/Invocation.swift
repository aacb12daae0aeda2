public import Values

/// One call of a step: everything that the step may know.
///
/// On the pipe it is a JSON object with the key `input`. An object without that key is a bare event
/// and stands for `{"input": <that object>}`, so a webhook can be piped unchanged.
public struct Invocation<Input: Document>: Sendable {
  /// The run's id, if the call belongs to a run.
  public let run: String?
  /// The time at which the run started: the only clock of a step.
  public let at: Timestamp?
  /// The webhook as received for a trigger, the noun for an action.
  public let input: Input
  /// The flow's settings for this step.
  public let payload: JSON
  /// The connection's settings, without secrets.
  public let settings: JSON
  /// The answers to the effects that the step asked for, by effect name.
  public let answers: [String: Answer]

  /// A call with the given parts.
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

  /// The call as it goes over the pipe.
  public var json: JSON {
    .members([
      "run": .text(run), "at": .text(at?.text), "input": input.json, "payload": payload,
      "settings": settings, "answers": .object(answers.mapValues(\.json)),
    ])
  }
}

extension Invocation<JSON> {
  /// Reads an invocation or a bare event.
  ///
  /// - Throws: A permanent failure that names the key that is wrong.
  public init(json: JSON) throws(Failure) {
    guard let members = json.object else {
      throw .permanent("an invocation is a JSON object")
    }
    guard let input = members["input"] else {
      guard !Self.parts.allSatisfy({ members[$0] != nil }) else {
        throw .permanent("the invocation has no \"input\", and is no event")
      }
      self.init(input: json)
      return
    }
    var answers: [String: Answer] = [:]
    for (name, answer) in try Self.object(json, "answers") {
      answers[name] = try Answer(json: answer)
    }
    guard json["at"].isNull || json["at"].time != nil else {
      throw .permanent("the invocation's \"at\" must be a time such as 2026-01-31T09:30:00Z")
    }
    self.init(
      run: json["run"].string, at: json["at"].time, input: input,
      payload: .object(try Self.object(json, "payload")),
      settings: .object(try Self.object(json, "settings")), answers: answers)
  }

  /// The members of every call of the dispatcher beside `input`; no event has them all.
  private static let parts = ["answers", "at", "payload", "run", "settings"]

  /// The same call with its input read as a noun.
  ///
  /// - Throws: `Halt.fail` with a permanent failure if the input is not the noun.
  public func reading<Noun: Document>(_ noun: Noun.Type) throws(Halt) -> Invocation<Noun> {
    do throws(Failure) {
      return Invocation<Noun>(
        run: run, at: at, input: try Noun(json: input), payload: payload, settings: settings,
        answers: answers)
    } catch {
      throw .permanent(
        "\(error.reason): the step before gave another thing, which `meterbridge run show` shows; replace it"
          + " in the flow")
    }
  }

  private static func object(_ json: JSON, _ name: String) throws(Failure) -> [String: JSON] {
    guard let object = json[name].object ?? (json[name].isNull ? [:] : nil) else {
      throw .permanent("the invocation's \"\(name)\" must be an object")
    }
    return object
  }
}
