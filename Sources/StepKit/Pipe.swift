import Values

#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#endif

/// Standard input as documents, one per line, or as one document on several lines if the first line is
/// not a whole document.
struct Pipe {
  /// The most bytes of a document: an invocation with all of its answers.
  static let largest = 16 << 20

  private var buffer: [UInt8] = []
  private var scanned = 0
  private var ended = false
  private var isFirst = true

  /// The next document; nil at end of file.
  mutating func next() throws(PipeError) -> JSON? {
    while let line = try line() {
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
      defer { isFirst = false }
      do throws(JSONError) {
        return try JSON(parsing: line)
      } catch {
        guard isFirst else { throw PipeError(status: 65, reason: "not an invocation: \(error)") }
        return try whole(after: line)
      }
    }
    if isFirst {
      throw PipeError(status: 65, reason: "standard input is empty: an event is expected")
    }
    return nil
  }

  /// The whole of standard input as one document.
  private mutating func whole(after first: [UInt8]) throws(PipeError) -> JSON {
    while !ended { try fill() }
    defer { buffer = [] }
    do throws(JSONError) {
      return try JSON(parsing: first + [0x0A] + buffer)
    } catch {
      throw PipeError(status: 65, reason: "not an invocation: \(error)")
    }
  }

  /// The next line without its line feed; nil at end of file.
  private mutating func line() throws(PipeError) -> [UInt8]? {
    while true {
      if let end = buffer[scanned...].firstIndex(of: 0x0A) {
        defer { scanned = 0 }
        // Usually the line is all that was read, and nothing is copied
        guard end < buffer.count - 1 else {
          defer { buffer = [] }
          buffer.removeLast()
          return buffer
        }
        let line = Array(buffer[..<end])
        buffer.removeSubrange(...end)
        return line
      }
      scanned = buffer.count
      guard !ended else { break }
      try fill()
    }
    guard !buffer.isEmpty else { return nil }
    defer { (buffer, scanned) = ([], 0) }
    return buffer
  }

  private mutating func fill() throws(PipeError) {
    let count = withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { room in
      var count: Int
      repeat {
        count = read(STDIN_FILENO, room.baseAddress, room.count)
      } while count < 0
        && errno == EINTR
      buffer.append(contentsOf: room.prefix(max(count, 0)))
      return count
    }
    if count < 0 {
      throw PipeError(status: 74, reason: "cannot read standard input, errno \(errno)")
    }
    if buffer.count > Self.largest {
      throw PipeError(status: 65, reason: "the document is larger than \(Self.largest) bytes")
    }
    ended = count == 0
  }

  /// Writes one document and a line feed.
  func write(_ document: JSON) throws(PipeError) {
    guard Self.write(document.bytes + [0x0A], to: STDOUT_FILENO) else {
      throw PipeError(status: 74, reason: "cannot write standard output, errno \(errno)")
    }
  }

  /// Writes the reason to standard error, on one line, and exits.
  static func fail(_ error: PipeError) -> Never {
    _ = write(Array((error.reason + "\n").utf8), to: STDERR_FILENO)
    exit(error.status)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { bytes in
        #if canImport(Glibc)
        Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
        Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
