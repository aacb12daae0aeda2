public import StepKit
public import Values

/// What is known of one effect of a run.
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
/// A change is written down as `intended` and flushed before it is sent, and its answer is flushed
/// before anything else is sent; so after a crash the row says all that matters.
public struct LedgerEntry {
  /// How far the effect has come.
  public enum State: String {
    case intended
    case sent
    case confirmed
    case refused
    case unknown
    case parked
    case void
  }

  /// How far the effect has come.
  public var state: State
  /// The effect as the step asked for it.
  public let effect: JSON
  /// The number of keys that are spent on it, the current one included.
  public var generation: Int
  /// When it was intended with this key: the app's window runs from here.
  public let at: Timestamp
  /// The call of the step that asked for it, from 1; 0 where an earlier try of the step did.
  public var round: Int
  /// The answer that the step is told.
  public var answer: Answer?
  /// When it was last sent, and for how long nobody knew what came of it; nil where nothing was sent.
  public var sending: Sending?

  /// One sending of a request.
  public struct Sending {
    /// When it was sent.
    public let at: Timestamp
    /// How long nobody knew what came of it.
    public let milliseconds: Int

    /// A sending.
    public init(at: Timestamp, milliseconds: Int) {
      self.at = at
      self.milliseconds = milliseconds
    }
  }

  /// Makes one of its parts.
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

  /// Whether it asked for a change on the other side.
  public var isChange: Bool {
    guard let effect = try? HTTPEffect(json: effect["http"]) else { return false }
    return !effect.isSafe
  }

  /// Whether the change is settled for good: it happened, or was refused.
  public var isSettled: Bool {
    isChange && (state == .confirmed || state == .refused) && answer?.isTemporary == false
  }

  /// Whether it went out, or may have, and is still to be sent again with the same key.
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
        state, json["effect"], generation: json["generation"].int ?? 1, at: at,
        round: json["round"].int ?? 0, answer: answer, sending: Sending(json: json))
    } catch {
      throw facts.wrong("answer", error.reason)
    }
  }

  /// The record as it is kept and shown.
  public var json: JSON {
    .members([
      "state": .string(state.rawValue), "effect": effect,
      "generation": generation == 1 ? nil : .int(generation), "at": .string(at.text),
      "round": .int(round), "answer": answer?.json,
      "sent": .text(sending?.at.text), "took": .int(sending?.milliseconds),
    ])
  }
}

extension LedgerEntry.Sending {
  /// What a record says; one of an older version says nothing.
  fileprivate init?(json: JSON) {
    guard let at = json["sent"].string.flatMap(Timestamp.init(iso:)), let took = json["took"].int
    else { return nil }
    self.init(at: at, milliseconds: took)
  }
}
