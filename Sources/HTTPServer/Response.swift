public import HTTPTypes
public import Values

/// A response of the server.
public struct Response: Sendable, Equatable {
  /// The status.
  public var status: Int
  /// The headers; the server adds Content-Length and Connection itself.
  public var headers: Headers
  /// The body.
  public var body: [UInt8]
  /// The delay before it is sent, in seconds; other connections are served meanwhile.
  public var delay: Double
  /// Whether to close the connection without a response.
  public var dropsConnection: Bool
  /// Whether the client was authenticated: its connection and its address then have room of their own.
  public var isAuthenticated = false

  /// A response.
  public init(
    _ status: Int, headers: Headers = [:], body: [UInt8] = [], delay: Double = 0,
    dropsConnection: Bool = false
  ) {
    (self.status, self.headers, self.body) = (status, headers, body)
    (self.delay, self.dropsConnection) = (delay, dropsConnection)
  }

  /// A response with a text as its body.
  public init(_ status: Int, type: String, text: String) {
    self.init(status, headers: ["Content-Type": type], body: Array(text.utf8))
  }

  /// A response whose body is a JSON value and a line break.
  public static func json(_ status: Int, _ body: JSON, headers: Headers = [:]) -> Response {
    var headers = headers
    headers["Content-Type"] = "application/json"
    return Response(status, headers: headers, body: body.bytes + [0x0A])
  }

  /// A response that reports an error as `{"error":"…"}`.
  public static func problem(_ status: Int, _ message: String, headers: Headers = [:]) -> Response {
    .json(status, ["error": .string(message)], headers: headers)
  }

  /// Closes the connection without a response.
  public static let dropConnection = Response(500, dropsConnection: true)
}

extension Response {
  /// The bytes of the response.
  ///
  /// A line break in a header becomes a space, so that no value can start another header.
  func serialized(forHEAD: Bool, keepsAlive: Bool) -> [UInt8] {
    let length = mayHaveBody ? "Content-Length: \(body.count)\r\n" : ""
    var bytes = head(length, room: body.count, keepsAlive: keepsAlive)
    if !forHEAD, mayHaveBody { bytes += body }
    return bytes
  }

  /// The bytes before the body, with the header line that states how its end is found.
  func head(_ framing: String, room: Int = 0, keepsAlive: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(256 + room)
    bytes += "HTTP/1.1 \(status) \(reasonPhrase)\r\n".utf8
    for field in headers.fields where !Self.own.contains(where: field.name.isSameToken(as:)) {
      Self.write(field.name, to: &bytes)
      bytes += ": ".utf8
      Self.write(field.value, to: &bytes)
      bytes += "\r\n".utf8
    }
    bytes += framing.utf8
    bytes += (keepsAlive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n").utf8
    return bytes
  }

  /// The headers that only the server writes.
  private static let own = ["Content-Length", "Connection", "Transfer-Encoding"]

  var mayHaveBody: Bool { status >= 200 && status != 204 && status != 304 }

  /// Writes a text without line breaks.
  private static func write(_ text: String, to bytes: inout [UInt8]) {
    for byte in text.utf8 { bytes.append(byte == 13 || byte == 10 || byte == 0 ? 32 : byte) }
  }

  private var reasonPhrase: String { Self.phrases[status] ?? "Status" }

  private static let phrases = [
    100: "Continue", 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content",
    207: "Multi-Status", 301: "Moved Permanently", 302: "Found", 303: "See Other",
    304: "Not Modified", 307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized",
    403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout",
    409: "Conflict", 411: "Length Required", 413: "Content Too Large",
    415: "Unsupported Media Type", 417: "Expectation Failed", 422: "Unprocessable Content",
    429: "Too Many Requests", 431: "Request Header Fields Too Large", 500: "Internal Server Error",
    501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    505: "HTTP Version Not Supported",
  ]
}
