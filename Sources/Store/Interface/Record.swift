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
