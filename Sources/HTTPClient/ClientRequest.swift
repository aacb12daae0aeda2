public import HTTPTypes

/// A request to be sent.
public struct ClientRequest: Sendable {
  /// The method.
  public var method: String
  /// The absolute URL, `http` or `https`.
  public var url: String
  /// The headers; a value with a line break makes the request fail.
  public var headers: Headers
  /// The body; nil sends none.
  public var body: [UInt8]?
  /// The time for the whole exchange, in seconds.
  public var timeout = 30.0
  /// The largest response body that is read, in bytes.
  public var maxResponseBytes = 1024 * 1024
  /// The servers to which it may be sent.
  public var destinations = DestinationPolicy.anywhere
  /// Whether it may be sent twice; by default if RFC 9110 defines its method as idempotent.
  public var isRepeatable: Bool
  /// How AWS's signature is made; nil for none.
  public var signing: RequestSigning?

  /// A request.
  public init(_ method: String, _ url: String, headers: Headers = [:], body: [UInt8]? = nil) {
    (self.method, self.url, self.headers, self.body) = (method, url, headers, body)
    isRepeatable = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"].contains(method)
  }
}
