import HTTPTypes
import Values

/// An HTTP/1.x response (RFC 9112).
struct HTTPResponse: Equatable {
  let status: Int
  let headers: Headers
  let body: [UInt8]

  /// Bytes of the largest body, as a step takes it.
  static let maxBody = 16 << 20
  private static let maxHead = 1 << 20

  /// Parses the bytes received so far; nil while the response is incomplete.
  ///
  /// `isOver` says whether the server has closed the connection.
  ///
  /// - Throws: if the bytes are no response, or are cut short by the end of the connection.
  init?(_ bytes: [UInt8], isOver: Bool) throws(InvocationError) {
    guard bytes.count <= Self.maxHead + 2 * Self.maxBody else { throw Self.error("is too long") }
    guard let end = Self.headEnd(bytes) else {
      if isOver { throw Self.error("is cut short") }
      return nil
    }
    let lines = bytes[..<end].split(separator: 10).map { $0.last == 13 ? $0.dropLast() : $0 }
    let first = String(decoding: lines.first ?? [], as: UTF8.self).split(separator: " ")
    guard first.count >= 2, first[0].hasPrefix("HTTP/1."), let status = Int(first[1]) else {
      throw Self.error("is not HTTP/1.1")
    }
    var headers = Headers()
    for line in lines.dropFirst() where !headers.add(line: line) {
      throw Self.error("has a header that is not valid")
    }
    guard let body = try Self.body(bytes[(end + 4)...], headers, isOver: isOver) else { return nil }
    (self.status, self.headers, self.body) = (status, headers, body)
  }

  // MARK: Private

  private static func error(_ how: String) -> InvocationError {
    InvocationError(.engine, "the answer \(how)")
  }

  private static func error(_ error: ChunkError) -> InvocationError {
    switch error {
    case .malformed(let reason): Self.error("is malformed: \(reason)")
    case .bodyTooLong, .trailersTooLong: Self.error("is too long")
    }
  }

  private static func headEnd(_ bytes: [UInt8]) -> Int? {
    let mark: [UInt8] = [13, 10, 13, 10]
    return bytes.indices.dropLast(3).first { bytes[$0] == 13 && bytes[$0...].starts(with: mark) }
  }

  private static func body(
    _ rest: ArraySlice<UInt8>, _ headers: Headers, isOver: Bool
  ) throws(InvocationError) -> [UInt8]? {
    if headers["transfer-encoding"]?.lowercased() == "chunked" {
      // Parsed only when it may be complete, so that a long body is not parsed over and over.
      guard isOver || rest.suffix(4).elementsEqual("\r\n\r\n".utf8) else { return nil }
      var chunks = ChunkedDecoder(maxBody: maxBody, maxTrailers: maxHead)
      do throws(ChunkError) {
        if try chunks.take(rest).isWhole { return chunks.body }
      } catch {
        throw Self.error(error)
      }
    } else if let text = headers["content-length"] {
      guard let length = Int(text), (0...maxBody).contains(length) else {
        throw error("has a Content-Length that is no number or too large")
      }
      if rest.count >= length { return Array(rest.prefix(length)) }
    } else if isOver {
      return Array(rest)
    }
    if isOver { throw error("is cut short") }
    return nil
  }
}
