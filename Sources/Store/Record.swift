/// A key and its value, as a scan finds them.
public struct Record: Equatable, Sendable {
  /// The key: text without control characters, 1 to 1024 bytes.
  public let key: String
  /// The value: one line of text.
  public let value: String

  /// A record of two texts.
  public init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}
