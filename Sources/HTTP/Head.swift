/// The head of a request: its line and its headers.
///
/// Strict on purpose: whatever two readers could understand differently is refused, because a
/// proxy in front of us may be the other reader.
struct Head: Equatable {
  /// How the body is told from the next request.
  enum Framing: Equatable {
    case none
    case length(Int)
    case chunked
  }

  let method: String
  let target: Target
  let headers: Headers
  let framing: Framing
  let keepsAlive: Bool
  let expectsContinue: Bool

  /// Reads the lines of a head, without the empty one that ends it.
  init(_ bytes: ArraySlice<UInt8>, limits: Limits) throws(Refusal) {
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map { $0.dropLast() }
    let parts = lines[0].split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard
      parts.count == 3, (1...32).contains(parts[0].count), parts[0].allSatisfy(\.isToken),
      let target = Target(parts[1])
    else { throw Refusal(400, "the request line is not METHOD /target HTTP/1.1") }
    let isOld = try Self.isOld(version: parts[2])
    let headers = try Self.headers(lines.dropFirst(), limits: limits)
    guard isOld || headers.all("Host").count == 1 else { throw Refusal(400, "want one Host") }

    method = String(decoding: parts[0], as: UTF8.self)
    self.target = target
    self.headers = headers
    framing = try Self.framing(headers, isOld: isOld)
    let connection = headers.all("Connection").flatMap { $0.split(separator: ",") }.map(\.trimmed)
    keepsAlive =
      isOld
      ? connection.contains { $0.isSameToken(as: "keep-alive") }
      : !connection.contains { $0.isSameToken(as: "close") }
    expectsContinue = try Self.expectsContinue(headers, isOld: isOld)
  }

  // MARK: Private

  private static func isOld(version: ArraySlice<UInt8>) throws(Refusal) -> Bool {
    switch String(decoding: version, as: UTF8.self) {
    case "HTTP/1.1": return false
    case "HTTP/1.0": return true
    case let other where other.hasPrefix("HTTP/") && other.utf8.count <= 9:
      throw Refusal(505, "speak HTTP/1.1")
    default: throw Refusal(400, "the request line is not METHOD /target HTTP/1.1")
    }
  }

  private static func headers(
    _ lines: ArraySlice<ArraySlice<UInt8>>, limits: Limits
  ) throws(Refusal) -> Headers {
    guard lines.count <= limits.headers else { throw Refusal(431, "too many headers") }
    var headers = Headers()
    for line in lines {
      let name = line.prefix { $0 != UInt8(ascii: ":") }
      let value = line.dropFirst(name.count + 1)
      // A space before the colon, or a folded line, ends here: neither is a token.
      guard !name.isEmpty, name.count < line.count, name.allSatisfy(\.isToken) else {
        throw Refusal(400, "a header's name is not a token")
      }
      guard value.allSatisfy({ $0 == 9 || ($0 >= 32 && $0 != 127) }) else {
        throw Refusal(400, "a header holds a control character")
      }
      headers.add(
        String(decoding: name, as: UTF8.self), String(decoding: value.trimmed, as: UTF8.self))
    }
    return headers
  }

  private static func framing(_ headers: Headers, isOld: Bool) throws(Refusal) -> Framing {
    let codings = headers.all("Transfer-Encoding")
    let lengths = Set(headers.all("Content-Length"))
    guard codings.isEmpty else {
      guard lengths.isEmpty, !isOld else { throw Refusal(400, "two ways to tell the length") }
      let names = codings.flatMap { $0.split(separator: ",") }.map(\.trimmed)
      guard names.allSatisfy({ $0.isSameToken(as: "chunked") }) else {
        throw Refusal(501, "the only transfer coding is chunked")
      }
      guard names.count == 1 else { throw Refusal(400, "chunked more than once") }
      return .chunked
    }
    guard let length = lengths.first else { return .none }
    guard lengths.count == 1, !length.isEmpty, length.utf8.allSatisfy({ 48...57 ~= $0 }) else {
      throw Refusal(400, "Content-Length is not one number")
    }
    // More digits than an Int holds is a number all the same, and too large for any limit.
    return .length(Int(length) ?? .max)
  }

  private static func expectsContinue(_ headers: Headers, isOld: Bool) throws(Refusal) -> Bool {
    guard !isOld, let expectation = headers["Expect"] else { return false }
    guard expectation.isSameToken(as: "100-continue") else {
      throw Refusal(417, "the only expectation is 100-continue")
    }
    return true
  }
}

extension StringProtocol {
  /// The text without the spaces and tabs around it.
  var trimmed: String { String(decoding: Array(utf8)[...].trimmed, as: UTF8.self) }
}

extension ArraySlice<UInt8> {
  /// The bytes without the spaces and tabs around them.
  var trimmed: ArraySlice<UInt8> {
    var rest = self
    while let first = rest.first, first == 0x20 || first == 0x09 { rest.removeFirst() }
    while let last = rest.last, last == 0x20 || last == 0x09 { rest.removeLast() }
    return rest
  }
}
