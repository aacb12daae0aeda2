public import Catalog
import Crypto
public import Setup
public import StepKit
public import Values

/// A change that a run asks for, with what rules need to know of it.
public struct AskedEffect {
  let run: String
  let flowConnection: String
  let index: Int
  let step: StepID
  let connection: Connection
  let effect: Effect
  /// The kinds of changes that the step holds by itself.
  let heldKinds: [String]
  let kind: String
  let amount: EffectAmount

  /// A change that a step of a run asks for; `index` is that of the step, from 0, and `payload` its fields.
  public init(
    _ effect: Effect, run: String, of flowConnection: String, index: Int, step: StepID,
    payload: JSON, connection: Connection, input: JSON
  ) {
    (self.run, self.flowConnection, self.index) = (run, flowConnection, index)
    (self.step, self.connection, self.effect) = (step, connection, effect)
    heldKinds = connection.app.steps[step.name]?.holds(payload: payload) ?? []
    kind = connection.app.kind(of: effect)
    amount = connection.app.amount(of: effect, input: input, settings: connection.known)
  }

  /// The digest of what would leave: the step, the account and the bytes of the change.
  func digest() throws(Problem) -> String {
    try SHA256.text(of: "\(step)\n\(connection.scope)\n\(effect.json.text)".utf8)
  }

  /// The kind and the amount, for people.
  var words: String { amount.money.map { "\(kind) of \($0.text)" } ?? kind }

  /// A new hold of it.
  func hold(
    _ cause: HoldCause, _ reason: String, digest: String, policy: Policy?, until: Timestamp?,
    at now: Timestamp
  ) -> Hold {
    Hold(
      run: run, flowConnection: flowConnection, index: index, step: "\(step)",
      connection: connection.name, effect: effect.json, digest: digest, kind: kind,
      money: amount.money, cause: cause, reason: reason, since: now, until: until,
      approvals: policy?.approvals ?? 1, grantHours: policy?.grantHours ?? 24)
  }
}
