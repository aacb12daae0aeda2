public import HTTPTypes
public import Values

/// A request, whole: nothing of it is still on the wire.
public struct Request: Sendable, Equatable {
  /// The method, as sent: `GET`.
  public let method: String
  /// The target as sent, escapes and query included.
  public let target: String
  /// The segments of the path, decoded; `/` has none, and `/a/` has a second that is empty.
  public let path: [String]
  /// The items of the query, decoded, in their order.
  public let query: [Field]
  /// The headers.
  public let headers: Headers
  /// The body, without its framing.
  public let body: [UInt8]
  /// Who sent it.
  public let peer: Peer

  /// A request made by hand, for a handler's tests; nil where the target cannot be sent.
  public init?(
    _ method: String, _ target: String, headers: Headers = [:], body: [UInt8] = [],
    peer: Peer = Peer(host: "127.0.0.1", port: 0)
  ) {
    guard let parsed = RequestTarget(target.utf8) else { return nil }
    self.init(method: method, target: parsed, headers: headers, body: body, peer: peer)
  }

  init(method: String, target: RequestTarget, headers: Headers, body: [UInt8], peer: Peer) {
    self.method = method
    self.target = target.text
    path = target.path
    query = target.query
    self.headers = headers
    self.body = body
    self.peer = peer
  }
}

/// The other end of a connection.
public struct Peer: Sendable, Hashable {
  /// The numeric address.
  public let host: String
  /// The port.
  public let port: Int

  /// A peer.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Whether the peer is this machine.
  public var isLoopback: Bool {
    host.hasPrefix("127.") || host == "::1" || host.hasPrefix("::ffff:127.")
  }
}
