import HTTPTypes

/// The head of a request: request line and header fields.
///
/// A head that two parsers could read differently is refused, because a proxy in front of the server
/// may be the other parser (request smuggling).
struct RequestHead: Equatable {
  /// The framing of the body.
  enum Framing: Equatable {
    case none
    case length(Int)
    case chunked
  }

  let method: String
  let target: RequestTarget
  let headers: Headers
  let framing: Framing
  let keepsAlive: Bool
  /// Whether it is HTTP/1.0.
  let isOld: Bool
  let expectsContinue: Bool

  /// Parses the lines of a head, without the empty line that ends it.
  init(_ bytes: ArraySlice<UInt8>, limits: ServerLimits) throws(RequestError) {
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map { $0.dropLast() }
    let parts = lines[0].split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard
      parts.count == 3, (1...32).contains(parts[0].count), parts[0].allSatisfy(\.isToken),
      let target = RequestTarget(parts[1])
    else { throw RequestError(400, "the request line is not METHOD /target HTTP/1.1") }
    isOld = try Self.isOld(version: parts[2])
    let headers = try Self.headers(lines.dropFirst(), limits: limits)
    guard isOld || headers.all("Host").count == 1 else {
      throw RequestError(400, "the request needs exactly one Host")
    }

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

  private static func isOld(version: ArraySlice<UInt8>) throws(RequestError) -> Bool {
    switch String(decoding: version, as: UTF8.self) {
    case "HTTP/1.1": return false
    case "HTTP/1.0": return true
    case let other where other.hasPrefix("HTTP/") && other.utf8.count <= 9:
      throw RequestError(505, "the version must be HTTP/1.1")
    default: throw RequestError(400, "the request line is not METHOD /target HTTP/1.1")
    }
  }

  private static func headers(
    _ lines: ArraySlice<ArraySlice<UInt8>>, limits: ServerLimits
  ) throws(RequestError) -> Headers {
    guard lines.count <= limits.headers else { throw RequestError(431, "too many headers") }
    var headers = Headers()
    for line in lines {
      guard headers.add(line: line) else {
        throw RequestError(400, "a header is not a token and a value without control characters")
      }
    }
    return headers
  }

  private static func framing(_ headers: Headers, isOld: Bool) throws(RequestError) -> Framing {
    let codings = headers.all("Transfer-Encoding")
    let lengths = Set(headers.all("Content-Length"))
    guard codings.isEmpty else {
      guard lengths.isEmpty, !isOld else {
        throw RequestError(400, "the length of the body is ambiguous")
      }
      let names = codings.flatMap { $0.split(separator: ",") }.map(\.trimmed)
      guard names.allSatisfy({ $0.isSameToken(as: "chunked") }) else {
        throw RequestError(501, "the only transfer coding is chunked")
      }
      guard names.count == 1 else { throw RequestError(400, "chunked more than once") }
      return .chunked
    }
    guard let length = lengths.first else { return .none }
    guard lengths.count == 1, !length.isEmpty, length.utf8.allSatisfy({ 48...57 ~= $0 }) else {
      throw RequestError(400, "Content-Length is not one number")
    }
    // A number too large for an Int is too large for any limit.
    return .length(Int(length) ?? .max)
  }

  private static func expectsContinue(_ headers: Headers, isOld: Bool) throws(RequestError) -> Bool
  {
    guard !isOld, let expectation = headers["Expect"] else { return false }
    guard expectation.isSameToken(as: "100-continue") else {
      throw RequestError(417, "the only expectation is 100-continue")
    }
    return true
  }
}
