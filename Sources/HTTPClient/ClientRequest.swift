public import HTTPTypes

/// A request to send.
public struct ClientRequest: Sendable {
  /// The method.
  public var method: String
  /// The absolute URL, `http` or `https`.
  public var url: String
  /// The headers; a value with a line break is refused.
  public var headers: Headers
  /// The body; nil sends none.
  public var body: [UInt8]?
  /// Seconds that all of it may take.
  public var timeout = 30.0
  /// The longest answer that is read, in bytes.
  public var maxReply = 1024 * 1024
  /// Which servers it may go to.
  public var reach = DestinationPolicy.anywhere
  /// Whether it does no harm to send it twice; by default what RFC 9110 says of its method.
  public var isRepeatable: Bool

  /// A request.
  public init(_ method: String, _ url: String, headers: Headers = [:], body: [UInt8]? = nil) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    isRepeatable = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"].contains(method)
  }
}

/// An answer, whole.
public struct ClientResponse: Sendable, Equatable {
  /// The status.
  public let status: Int
  /// The headers.
  public let headers: Headers
  /// The body.
  public let body: [UInt8]
  /// How long it all took.
  public let seconds: Double

  /// An answer made by hand, for tests of those who read it.
  public init(status: Int, headers: Headers = [:], body: [UInt8] = [], seconds: Double = 0) {
    self.status = status
    self.headers = headers
    self.body = body
    self.seconds = seconds
  }
}
