/// A change of one key.
public enum Change: Equatable, Sendable {
  /// Sets the value of a key.
  case put(_ key: String, _ value: String)
  /// Removes a key if it exists.
  case remove(_ key: String)
}
