public import HTTPTypes

/// A complete response.
public struct ClientResponse: Sendable, Equatable {
  /// The status.
  public let status: Int
  /// The headers.
  public let headers: Headers
  /// The body.
  public let body: [UInt8]
  /// The duration of the whole exchange, in seconds.
  public let seconds: Double

  /// A response of a simulation or a test.
  public init(status: Int, headers: Headers = [:], body: [UInt8] = [], seconds: Double = 0) {
    (self.status, self.headers, self.body, self.seconds) = (status, headers, body, seconds)
  }
}
