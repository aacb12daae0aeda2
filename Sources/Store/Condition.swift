/// What must hold at the instant a transaction is committed.
public enum Condition: Equatable, Sendable {
  /// There is no such key.
  case absent(_ key: String)
  /// The key has this value, byte for byte.
  case equals(_ key: String, _ value: String)
}

extension Condition {
  /// The key the condition asks about, and the value it wants: nil for none.
  /// - Throws: `badKey`.
  func wanted() throws(StoreError) -> (key: Key, value: String?) {
    switch self {
    case .absent(let key): (try Key(checking: key), nil)
    case .equals(let key, let value): (try Key(checking: key), value)
    }
  }
}
