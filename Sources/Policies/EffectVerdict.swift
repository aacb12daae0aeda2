/// What is decided about a change that is about to leave.
public enum EffectVerdict: Sendable {
  /// It may leave.
  case passes(EffectPermit)
  /// It waits; whether the hold is stored already.
  case held(Hold, isStored: Bool)
  /// It never leaves, for the reason given.
  case denied(String)
}
