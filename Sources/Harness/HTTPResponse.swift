import Values

/// An HTTP/1.x response (RFC 9112).
struct HTTPResponse: Equatable {
  let status: Int
  /// The headers by their names in lower case; the last of several with one name.
  let headers: [String: String]
  let body: [UInt8]

  /// Parses the bytes received so far; nil while the response is incomplete.
  ///
  /// `isOver` says whether the server has closed the connection.
  ///
  /// - Throws: if the bytes are no response, or are cut short by the end of the connection.
  init?(_ bytes: [UInt8], isOver: Bool) throws(InvocationError) {
    guard let end = Self.headEnd(bytes) else {
      if isOver { throw Self.error("is cut short") }
      return nil
    }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
    let first = (lines.first ?? "").split(separator: " ", maxSplits: 2)
    guard first.count >= 2, first[0].hasPrefix("HTTP/1."), let status = Int(first[1]) else {
      throw Self.error("is not HTTP/1.1")
    }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { throw Self.error("has a header without a colon") }
      headers[parts[0].lowercased()] = String(parts[1]).nonBlank ?? ""
    }
    guard let body = try Self.body(bytes[(end + 4)...], headers, isOver: isOver) else { return nil }
    (self.status, self.headers, self.body) = (status, headers, body)
  }

  // MARK: Private

  private static func error(_ how: String) -> InvocationError {
    InvocationError(.engine, "the answer \(how)")
  }

  private static func headEnd(_ bytes: [UInt8]) -> Int? {
    let mark: [UInt8] = [13, 10, 13, 10]
    return bytes.indices.dropLast(3).first { bytes[$0] == 13 && bytes[$0...].starts(with: mark) }
  }

  private static func body(
    _ rest: ArraySlice<UInt8>, _ headers: [String: String], isOver: Bool
  ) throws(InvocationError) -> [UInt8]? {
    if headers["transfer-encoding"]?.lowercased() == "chunked" {
      // Parsed only when it may be complete, so that a long body is not parsed over and over.
      guard isOver || rest.suffix(5).elementsEqual("0\r\n\r\n".utf8) else { return nil }
      if let body = try chunks(rest) { return body }
    } else if let text = headers["content-length"] {
      guard let length = Int(text), length >= 0 else {
        throw error("has a Content-Length that is no number")
      }
      if rest.count >= length { return Array(rest.prefix(length)) }
    } else if isOver {
      return Array(rest)
    }
    if isOver { throw error("is cut short") }
    return nil
  }

  /// The decoded body; nil while the last chunk is missing.
  private static func chunks(_ bytes: ArraySlice<UInt8>) throws(InvocationError) -> [UInt8]? {
    var rest = bytes
    var body: [UInt8] = []
    while let end = rest.firstIndex(of: 10) {
      let digits = String(decoding: rest[..<end], as: UTF8.self).prefix { $0.isHexDigit }
      guard let size = Int(digits, radix: 16) else { throw error("has a chunk without a size") }
      if size == 0 { return body }
      rest = rest[(end + 1)...]
      guard rest.count >= size + 2 else { return nil }
      body += rest.prefix(size)
      rest = rest.dropFirst(size + 2)
    }
    return nil
  }
}
