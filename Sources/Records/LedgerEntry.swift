public import StepKit
public import Values

/// The record of one effect of a run.
///
/// | state     | what it says                                 | what is done next                         |
/// |-----------|----------------------------------------------|-------------------------------------------|
/// | (none)    | nothing was sent                             | write `intended`, flush, send             |
/// | intended  | it may have been sent: a crash came between  | as `sent`                                 |
/// | sent      | it went out, and no clear answer came        | within the app's window: send it again    |
/// |           |                                              | with the same key; else `unknown`         |
/// | confirmed | it happened; the answer is here              | use the answer, send nothing              |
/// | refused   | it did not happen; the answer is here        | use the answer, send nothing              |
/// | unknown   | nobody can say whether it happened           | the step looks before it asks again       |
/// | parked    | the step looked, and still nobody can say    | a person says: `run settle`               |
/// | void      | it did not happen, and is forgotten          | as none, but with the next key: an answer |
/// |           |                                              | that the app keeps for the old is no use  |
///
/// A change is stored as `intended` before it is sent, and its answer before anything else is sent, so
/// that the record is sufficient after a crash.
public struct LedgerEntry {
  /// The state of an effect.
  public enum State: String {
    case intended
    case sent
    case confirmed
    case refused
    case unknown
    case parked
    case void
  }

  /// The state of an effect.
  public var state: State
  /// The effect that the step asked for.
  public let effect: JSON
  /// The number of keys that are spent on it, the current one included.
  public var generation: Int
  /// When it was intended with this key: the start of the app's idempotency window.
  public let at: Timestamp
  /// The call of the step that asked for it, from 1; 0 if it was in an earlier attempt.
  public var round: Int
  /// The answer for the step.
  public var answer: Answer?
  /// The last sending; nil if nothing was sent.
  public var sending: Sending?
  /// What the policy of the flow connection let it go by: see Policies, `EffectPermit`; null for nothing.
  public var permit = JSON.null

  /// One sending of a request.
  public struct Sending {
    /// When it was sent.
    public let at: Timestamp
    /// The time until the outcome was known, in milliseconds.
    public let milliseconds: Int

    /// Creates a sending.
    public init(at: Timestamp, milliseconds: Int) {
      self.at = at
      self.milliseconds = milliseconds
    }
  }

  /// Creates an entry.
  public init(
    _ state: State, _ effect: JSON, generation: Int = 1, at: Timestamp, round: Int,
    answer: Answer? = nil, sending: Sending? = nil
  ) {
    self.state = state
    self.effect = effect
    self.generation = generation
    self.at = at
    self.round = round
    self.answer = answer
    self.sending = sending
  }

  /// Whether the effect changes something in the app.
  public var isChange: Bool {
    (try? Effect(json: effect))?.isChange ?? false
  }

  /// Whether it is a change that happened or was refused.
  public var isSettled: Bool {
    isChange && (state == .confirmed || state == .refused) && answer?.isTemporary == false
  }

  /// Whether it was or may have been sent, and can be sent again with the same key.
  public var isUnderway: Bool { state == .intended || state == .sent }
}

extension LedgerEntry {
  /// Reads a record.
  public init(json: JSON) throws(Problem) {
    let facts = ObjectReader(json, of: "an effect's record")
    guard let state = State(rawValue: try facts.text("state")),
      let at = Timestamp(iso: try facts.text("at"))
    else { throw facts.wrong("state", "or \"at\" is unknown") }
    do throws(Failure) {
      let answer = json["answer"].isNull ? nil : try Answer(json: json["answer"])
      self.init(
        state, json["effect"], generation: Self.count(json["generation"], or: 1), at: at,
        round: Self.count(json["round"], or: 0), answer: answer, sending: Sending(json: json))
      permit = json["permit"]
    } catch {
      throw facts.wrong("answer", error.reason)
    }
  }

  /// A number that nothing counts beyond.
  private static func count(_ json: JSON, or fallback: Int) -> Int {
    min(max(json.int ?? fallback, 0), 1_000_000)
  }

  /// The record as it is stored and shown.
  public var json: JSON {
    .members([
      "state": .string(state.rawValue), "effect": effect,
      "generation": generation == 1 ? nil : .int(generation), "at": .string(at.text),
      "round": .int(round), "answer": answer?.json, "permit": permit.isNull ? nil : permit,
      "sent": .text(sending?.at.text), "took": .int(sending?.milliseconds),
    ])
  }
}

extension LedgerEntry.Sending {
  /// Reads a sending; a record of an older build has none.
  fileprivate init?(json: JSON) {
    guard let at = json["sent"].string.flatMap(Timestamp.init(iso:)), let took = json["took"].int
    else { return nil }
    self.init(at: at, milliseconds: took)
  }
}
