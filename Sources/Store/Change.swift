/// One thing that a transaction does.
public enum Change: Equatable, Sendable {
  /// Give a key a value, whatever it had before.
  case put(_ key: String, _ value: String)
  /// Take a key and its value away; a key that is not there is no error.
  case remove(_ key: String)
}

extension Change {
  /// The change as the journal keeps it.
  /// - Throws: `badKey` or `badValue`.
  func entry() throws(StoreError) -> (key: Key, entry: Entry) {
    switch self {
    case .put(let key, let value): (try Key(checking: key), .value(try checked(value: value)))
    case .remove(let key): (try Key(checking: key), .removed)
    }
  }
}
