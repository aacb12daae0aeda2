public import HTTPTypes
public import Values

/// A complete request, body included.
public struct Request: Sendable, Equatable {
  /// The method, as sent: `GET`.
  public let method: String
  /// The request target as sent, with escapes and query.
  public let target: String
  /// The decoded segments of the path: `/` has none, `/a/` has two and the second is empty.
  public let path: [String]
  /// The decoded items of the query, in order.
  public let query: [Field]
  /// The headers.
  public let headers: Headers
  /// The body, with the transfer coding removed.
  public let body: [UInt8]
  /// The client that sent it.
  public let peer: Peer
  /// Whether the client reads a body in chunks, as all do but those of HTTP/1.0.
  var takesChunks = true

  /// A request for the tests of a handler; nil if the target is not valid.
  public init?(
    _ method: String, _ target: String, headers: Headers = [:], body: [UInt8] = [],
    peer: Peer = Peer(host: "127.0.0.1", port: 0)
  ) {
    guard let parsed = RequestTarget(target.utf8) else { return nil }
    self.init(method: method, target: parsed, headers: headers, body: body, peer: peer)
  }

  init(method: String, target: RequestTarget, headers: Headers, body: [UInt8], peer: Peer) {
    (self.method, self.headers, self.body, self.peer) = (method, headers, body, peer)
    (self.target, path, query) = (target.text, target.path, target.query)
  }
}
