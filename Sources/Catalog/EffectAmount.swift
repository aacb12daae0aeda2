public import Values

/// The money that a request moves.
public enum EffectAmount: Sendable, Equatable {
  /// It moves none, by what `app.json` says of it.
  case none
  /// Nobody can say: `app.json` does not say where the amount is, or it is not there.
  case unknown
  /// It moves an amount in a currency, never a negative one.
  case known(Money)

  /// The amount, if it is known.
  public var money: Money? { if case .known(let money) = self { money } else { nil } }
}
