public import HTTPTypes
import Values

/// What a server answers.
public struct Response: Sendable, Equatable {
  /// The status.
  public var status: Int
  /// The headers; the server adds Content-Length and Connection by itself.
  public var headers: Headers
  /// The body.
  public var body: [UInt8]
  /// Seconds to wait before it is sent; the loop goes on meanwhile.
  public var delay: Double
  /// Whether to close the connection instead of answering.
  public var dropsConnection: Bool

  /// An answer.
  public init(
    _ status: Int, headers: Headers = [:], body: [UInt8] = [], delay: Double = 0,
    dropsConnection: Bool = false
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.delay = delay
    self.dropsConnection = dropsConnection
  }

  /// An answer with a text as its body.
  public init(_ status: Int, type: String, text: String) {
    self.init(status, headers: ["Content-Type": type], body: Array(text.utf8))
  }

  /// No answer at all: the connection is closed.
  public static let dropConnection = Response(500, dropsConnection: true)
}

extension Response {
  /// The answer as it goes over the wire.
  ///
  /// A line break in a header's value becomes a space, so that no value can begin a header.
  func wire(toHead: Bool, keepsAlive: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(256 + body.count)
    bytes += "HTTP/1.1 \(status) \(reasonPhrase)\r\n".utf8
    for field in headers.fields where !Self.own.contains(where: field.name.isSameToken(as:)) {
      Self.write(field.name, to: &bytes)
      bytes += ": ".utf8
      Self.write(field.value, to: &bytes)
      bytes += "\r\n".utf8
    }
    if mayHaveBody { bytes += "Content-Length: \(body.count)\r\n".utf8 }
    bytes += (keepsAlive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n").utf8
    if !toHead, mayHaveBody { bytes += body }
    return bytes
  }

  // MARK: Private

  /// The headers that are the server's to write.
  private static let own = ["Content-Length", "Connection", "Transfer-Encoding"]

  private var mayHaveBody: Bool { status >= 200 && status != 204 && status != 304 }

  /// Writes a text as one line.
  private static func write(_ text: String, to bytes: inout [UInt8]) {
    for byte in text.utf8 { bytes.append(byte == 13 || byte == 10 || byte == 0 ? 32 : byte) }
  }

  private var reasonPhrase: String {
    switch status {
    case 100: "Continue"
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 207: "Multi-Status"
    case 301: "Moved Permanently"
    case 302: "Found"
    case 303: "See Other"
    case 304: "Not Modified"
    case 307: "Temporary Redirect"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 411: "Length Required"
    case 413: "Content Too Large"
    case 415: "Unsupported Media Type"
    case 417: "Expectation Failed"
    case 422: "Unprocessable Content"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    case 505: "HTTP Version Not Supported"
    default: "Status"
    }
  }
}
