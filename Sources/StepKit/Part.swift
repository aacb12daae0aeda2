/// What a part of a step comes to: it needs answers first, or it has its value.
///
/// A step that consists of parts stays a list of trips to the world:
///
///     let account = try account(of: call)
///     guard let account = account.value else { return .ask(account.effects) }
public enum Part<Value: Sendable>: Sendable {
  /// These must be answered before the part can say more.
  case needs([Effect])
  /// All is known.
  case has(Value)

  /// The value, once there is one.
  public var value: Value? { if case .has(let value) = self { value } else { nil } }

  /// What must be answered first; nothing once there is a value.
  public var effects: [Effect] { if case .needs(let effects) = self { effects } else { [] } }
}
