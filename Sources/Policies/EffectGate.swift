public import Setup
import Store
public import Values

/// Decides about each change that is about to leave, by the policy of its flow connection.
///
/// It decides from the store alone, so a decision can be part of the transaction that stores the change as
/// intended: see ``EffectPermit``. What it cannot find out it holds. The rules in their order:
///
/// 1. The policy cannot be read: held until it can.
/// 2. `allow`, `largest`: refused; the run ends as not synced.
/// 3. `freezes`: held until the window ends.
/// 4. `breaker`: held until a person closes it.
/// 5. `hold`, and an amount that is not known where a rule is about amounts: held for a person.
/// 6. `hourly`, `daily`: held until the hour or the day ends.
public struct EffectGate: Sendable {
  private let home: Home
  private let policies: PolicyStore
  private let stop: EffectStop

  /// The gate of a home.
  public init(home: Home) {
    self.home = home
    policies = PolicyStore(home: home)
    stop = EffectStop(home: home)
  }

  /// Why no change leaves at all, for people; nil if changes do.
  public func stopReason() throws(Problem) -> String? {
    try stop.notice().map { "\($0.words); `meterbridge start-effects` lets them leave" }
  }

  /// The decision about a change; `permit` is what the ledger keeps of an earlier one.
  public func verdict(
    on asked: AskedEffect, permit: JSON, at now: Timestamp
  ) throws(Problem) -> EffectVerdict {
    let state = try policies.state(of: asked.flowConnection, at: now)
    if case .none = state, asked.heldKinds.isEmpty {
      return .passes(EffectPermit(granted: nil, counted: nil))
    }
    var review = try EffectReview(asked, in: home, permit: EffectPermit(permit), at: now)
    switch state {
    case .unreadable(let reason): return review.held(.policy, reason)
    case .none: return try review.verdict(by: nil)
    case .known(let policy): return try review.verdict(by: policy)
    }
  }

  /// The index of the step of a run whose change is held; nil if none is, or it cannot be read.
  public func heldStep(of run: String) throws(Problem) -> Int? {
    try home.document(at: StoreKey.hold.key(run)).flatMap { try? Hold(json: $0).index }
  }

  /// Notes that a change failed, which opens the breaker of the policy after so many.
  public func noteFailure(in flowConnection: String, at now: Timestamp) throws(Problem) {
    guard case .known(let policy) = try policies.state(of: flowConnection, at: now),
      let breaker = policy.breaker
    else { return }
    let key = StoreKey.spent.key(flowConnection)
    try home.transact { (transaction) throws(Problem) in
      let text = try home.text(at: key)
      var spending =
        try text.map { (text) throws(Problem) in try Spending(text, at: key) } ?? Spending()
      spending.fail(at: now, breaker)
      transaction.changes = [.put(key, spending.json)]
      transaction.conditions = [text.map { .equals(key, $0) } ?? .absent(key)]
    }
  }
}
