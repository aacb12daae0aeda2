public import Values

/// What a function said to a call: a document, and its text on one line.
public struct Said: Sendable {
  /// The document.
  public let value: JSON
  /// The document on one line.
  public let line: [UInt8]

  /// Reads what it wrote; laid out anew only where it took several lines for it.
  public init(_ bytes: [UInt8]) throws(JSONError) {
    value = try JSON(parsing: bytes)
    let line = bytes.last == 0x0A ? bytes.dropLast() : bytes[...]
    self.line = line.contains(0x0A) ? value.bytes : Array(line)
  }
}
