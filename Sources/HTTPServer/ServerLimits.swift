/// The limits that a server sets to its clients; sizes in bytes, times in seconds.
///
/// A slow or greedy client costs one descriptor and at most a head and a body.
public struct ServerLimits: Sendable {
  /// The largest head, request line included; a larger one is answered 431.
  public var head = 16 * 1024
  /// The most header fields; more are answered 431.
  public var headers = 100
  /// The largest body; a larger one is answered 413 and not read.
  public var body = 1024 * 1024
  /// The memory of all unfinished bodies together; a body beyond it is answered 503.
  public var memory = 64 * 1024 * 1024
  /// The most connections; fewer if the process may open few files.
  ///
  /// For one beyond them the idlest is closed; if none is idle, it is answered 503 and closed.
  public var connections = 1152
  /// The connections that only clients may use that were authenticated before, by their address.
  public var reserved = 128
  /// The most connections of one address, unless it is of a private network or this machine: a proxy may
  /// be there.
  public var connectionsOfAddress = 256
  /// Whether addresses of private networks and of this machine are limited too.
  public var limitsPrivateAddresses = false
  /// The time for a head, from its first byte or from the start of the connection.
  public var headTime = 10.0
  /// The time for a body, and for the client to read a response.
  public var bodyTime = 30.0
  /// The time that a kept connection may be idle between requests.
  public var idleTime = 60.0
  /// The time that a stopping server leaves its clients to read the last responses.
  public var drainTime = 5.0

  /// The default limits.
  public init() {}
}
