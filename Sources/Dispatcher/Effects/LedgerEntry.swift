import Step

/// What is known of one effect of a run.
///
/// | state     | what a crash leaves behind                       | what is done next                     |
/// |-----------|--------------------------------------------------|---------------------------------------|
/// | (none)    | nothing was sent                                 | intend it, then send it               |
/// | intended  | it may have been sent; there is no answer        | same key within the app's window: send |
/// |           |                                                  | it again; else it is unknown          |
/// | confirmed | it happened; the answer is here                  | the answer is used, nothing is sent   |
/// | refused   | it did not happen; the answer is here            | the answer is used, nothing is sent   |
/// | unknown   | nobody can say whether it happened               | the step looks before it asks again   |
struct LedgerEntry {
  /// How far the effect has come.
  enum State: String {
    case intended
    case confirmed
    case refused
    case unknown
  }

  var state: State
  /// The effect as the step asked for it.
  let effect: JSON
  /// The idempotency key that it is sent with, if the app takes one.
  let key: String?
  /// When it was intended first: the app's window runs from here.
  let at: Timestamp
  /// The call of the step that asked for it, from 1.
  let round: Int
  var answer: Answer?

  init(
    _ state: State, _ effect: JSON, key: String?, at: Timestamp, round: Int, answer: Answer? = nil
  ) {
    self.state = state
    self.effect = effect
    self.key = key
    self.at = at
    self.round = round
    self.answer = answer
  }
}

extension LedgerEntry {
  init(json: JSON) throws(Problem) {
    let facts = Facts(json, of: "an effect's record")
    guard let state = State(rawValue: try facts.text("state")),
      let at = Timestamp(iso: try facts.text("at"))
    else { throw facts.wrong("state", "or \"at\" is unknown") }
    do throws(Failure) {
      let answer = json["answer"].isNull ? nil : try Answer(json: json["answer"])
      self.init(
        state, json["effect"], key: json["key"].string, at: at, round: json["round"].int ?? 1,
        answer: answer)
    } catch {
      throw facts.wrong("answer", error.reason)
    }
  }

  /// The record as it is kept and shown.
  var json: JSON {
    .members([
      "state": .string(state.rawValue), "effect": effect, "key": .text(key), "at": .string(at.text),
      "round": .int(round), "answer": answer?.json,
    ])
  }

  /// Whether a retry of the step must forget it: all that settled no change.
  var isForgottenOnRetry: Bool {
    guard !isChange else { return state == .unknown || answer?.isTemporary == true }
    return true
  }

  /// Whether it asked for a change on the other side.
  var isChange: Bool {
    guard let effect = try? HTTPEffect(json: effect["http"]) else { return false }
    return !effect.isSafe
  }
}
