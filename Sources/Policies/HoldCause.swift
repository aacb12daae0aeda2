/// The rule by which a change does not leave yet.
public enum HoldCause: String, Sendable, CaseIterable {
  /// The policy holds all changes.
  case all
  /// It is among the first changes, which the policy holds.
  case first
  /// It moves more than the policy lets go unseen.
  case above
  /// It is of a kind that the policy or its step holds.
  case kind
  /// Its amount is not known, and a rule of the policy is about amounts.
  case amount
  /// The policy cannot be read.
  case policy
  /// The time is in a freeze window.
  case freeze
  /// Too many changes have failed.
  case breaker
  /// As many changes, or as much money, have left as may in an hour or a day.
  case cap

  /// Whether a person can let the change go; the other causes end by themselves or with the policy.
  public var isGrantable: Bool {
    switch self {
    case .all, .first, .above, .kind, .amount: true
    case .policy, .freeze, .breaker, .cap: false
    }
  }
}
