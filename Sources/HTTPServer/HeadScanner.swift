/// Finds the empty line that ends a head; examines each byte once, however slowly they arrive.
///
/// A bare CR or LF is refused: readers disagree on whether it ends a line.
struct HeadScanner {
  /// The number of bytes examined.
  private(set) var scanned = 0
  private var lineLength = 0
  private var lines = 0
  private var afterReturn = false

  /// Examines the new bytes; returns the length of the head, its empty line included, once it ends.
  mutating func find(in bytes: ArraySlice<UInt8>, limit: Int) throws(RequestError) -> Int? {
    for byte in bytes.dropFirst(scanned) {
      scanned += 1
      switch byte {
      case UInt8(ascii: "\r") where !afterReturn: afterReturn = true
      case UInt8(ascii: "\n") where afterReturn:
        if lineLength == 0 && lines > 0 { return scanned }
        guard lineLength > 0 else { throw RequestError(400, "an empty line before the request") }
        (afterReturn, lineLength, lines) = (false, 0, lines + 1)
      case UInt8(ascii: "\r"), UInt8(ascii: "\n"):
        throw RequestError(400, "a line must end in CR LF")
      case _ where afterReturn: throw RequestError(400, "a line must end in CR LF")
      default: lineLength += 1
      }
      guard scanned <= limit else { throw RequestError(431, "the head is too long") }
    }
    return nil
  }
}
