/// What one server takes from strangers; sizes in bytes, times in seconds.
///
/// A slow or a greedy client costs one descriptor and at most a head and a body; `memory` bounds
/// what all unfinished bodies hold together.
public struct ServerLimits: Sendable {
  /// The longest head, request line included; more is answered 431.
  public var head = 16 * 1024
  /// The most headers; more are answered 431.
  public var headers = 100
  /// The longest body; more is answered 413 and not read.
  public var body = 1024 * 1024
  /// What all bodies in the making may hold together; beyond, their senders are answered 503.
  public var memory = 64 * 1024 * 1024
  /// The most connections; those beyond are answered 503 and closed.
  public var connections = 1024
  /// How long a head may take, counted from its first byte or from the start of the connection.
  public var headTime = 10.0
  /// How long a body may take, and how long a client may leave an answer unread.
  public var bodyTime = 30.0
  /// How long a kept connection may be silent between requests.
  public var idleTime = 60.0
  /// How long a server that stops waits for its last answers to be read.
  public var drainTime = 5.0

  /// The defaults.
  public init() {}
}
