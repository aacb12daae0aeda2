import StepKit
import Values

/// What an HTTP server on this machine answered, read by the rules of RFC 9112.
struct HTTPAnswer: Equatable {
  let status: Int
  /// The headers by their names in lower case; of several the last.
  let headers: [String: String]
  let body: [UInt8]

  /// Reads an answer from what has come so far; nil as long as it is not whole, which is an error
  /// where it is over: the server closed the connection.
  init?(_ bytes: [UInt8], isOver: Bool) throws(Fault) {
    guard let end = Self.headEnd(bytes) else {
      if isOver { throw Fault(.engine, "the answer is cut short") }
      return nil
    }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
    let first = (lines.first ?? "").split(separator: " ", maxSplits: 2)
    guard first.count >= 2, first[0].hasPrefix("HTTP/1."), let status = Int(first[1]) else {
      throw Fault(.engine, "the answer is not HTTP/1.1")
    }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw Fault(.engine, "the answer has a header without a colon")
      }
      headers[parts[0].lowercased()] = String(parts[1]).nonBlank ?? ""
    }
    guard let body = try Self.body(bytes[(end + 4)...], headers, isOver: isOver) else { return nil }
    (self.status, self.headers, self.body) = (status, headers, body)
  }

  // MARK: Private

  private static func headEnd(_ bytes: [UInt8]) -> Int? {
    let mark: [UInt8] = [13, 10, 13, 10]
    return bytes.indices.dropLast(3).first { bytes[$0] == 13 && bytes[$0...].starts(with: mark) }
  }

  private static func body(
    _ rest: ArraySlice<UInt8>, _ headers: [String: String], isOver: Bool
  ) throws(Fault) -> [UInt8]? {
    let cut = Fault(.engine, "the answer is cut short")
    if headers["transfer-encoding"]?.lowercased() == "chunked" {
      // Looked at only where it may be whole, so that a long body is not read over and over.
      guard isOver || rest.suffix(5).elementsEqual("0\r\n\r\n".utf8) else { return nil }
      if let body = try chunks(rest) { return body }
      if isOver { throw cut }
      return nil
    }
    guard let text = headers["content-length"] else { return isOver ? Array(rest) : nil }
    guard let length = Int(text), length >= 0 else {
      throw Fault(.engine, "the answer's Content-Length is no number")
    }
    if rest.count >= length { return Array(rest.prefix(length)) }
    if isOver { throw cut }
    return nil
  }

  /// The body behind its chunks' sizes; nil where the last chunk is not there yet.
  private static func chunks(_ bytes: ArraySlice<UInt8>) throws(Fault) -> [UInt8]? {
    var rest = bytes
    var body: [UInt8] = []
    while let end = rest.firstIndex(of: 10) {
      let digits = String(decoding: rest[..<end], as: UTF8.self).prefix { $0.isHexDigit }
      guard let size = Int(digits, radix: 16) else {
        throw Fault(.engine, "the answer has a chunk without a size")
      }
      if size == 0 { return body }
      rest = rest[(end + 1)...]
      guard rest.count >= size + 2 else { return nil }
      body += rest.prefix(size)
      rest = rest.dropFirst(size + 2)
    }
    return nil
  }
}
