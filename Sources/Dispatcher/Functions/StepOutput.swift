public import Values

/// The output of a step: a JSON document, and its text on one line without the line end.
public struct StepOutput: Sendable {
  /// The document.
  public let value: JSON
  let line: [UInt8]

  /// Parses the bytes that a step wrote, with or without a line end.
  ///
  /// - Throws: if they are not one JSON document.
  public init(_ bytes: [UInt8]) throws(JSONError) {
    value = try JSON(parsing: bytes)
    let line = bytes.last == 0x0A ? bytes.dropLast() : bytes[...]
    // Serialized again only if the step wrote several lines.
    self.line = line.contains(0x0A) ? value.bytes : Array(line)
  }
}
