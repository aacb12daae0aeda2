public import Values

/// The output of a step: one JSON document.
public struct StepOutput: Sendable {
  /// The document.
  public let value: JSON
  /// Its text on one line, without the line end.
  let line: [UInt8]

  /// Parses the output of a step, with or without a line end.
  ///
  /// - Throws: a `JSONError` if it is not one JSON document.
  public init(_ bytes: [UInt8]) throws(JSONError) {
    value = try JSON(parsing: bytes)
    let line = bytes.last == 0x0A ? bytes.dropLast() : bytes[...]
    // Serialized again only if the output has several lines.
    self.line = line.contains(0x0A) ? value.bytes : Array(line)
  }
}
