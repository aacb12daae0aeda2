/// The keys that a scan visits.
public enum KeyRange: Equatable, Sendable {
  /// The keys that begin with a text; the empty text selects all keys.
  case prefix(String)
  /// The keys from `from`, which need not exist, up to but without `upTo`; nil selects all that follow.
  case bounds(from: String, upTo: String?)
}

/// A key and its value.
public struct Record: Equatable, Sendable {
  /// The key: 1 to 1024 bytes of UTF-8 without control characters.
  public let key: String
  /// The value: up to 16 MiB of UTF-8 without newline and NUL.
  public let value: String

  /// Creates a record.
  public init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

/// The result of a scan: records in the order of the UTF-8 bytes of their keys, or in reverse.
///
///     var cursor = try store.scan(prefix: "run/")
///     while let record = try cursor.next() { … }
public protocol RecordCursor: Sendable {
  /// Returns the next record, or nil at the end.
  /// - Throws: `damaged`, `unavailable`.
  mutating func next() throws(StoreError) -> Record?
}
