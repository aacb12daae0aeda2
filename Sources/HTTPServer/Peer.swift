import HTTPTypes
import Values

/// The other end of a connection.
public struct Peer: Sendable, Hashable {
  /// The numeric IP address, without brackets.
  public let host: String
  /// The port.
  public let port: Int

  /// A peer.
  public init(host: String, port: Int) { (self.host, self.port) = (host, port) }

  /// Whether the peer connects from this machine.
  public var isLoopback: Bool { IPAddress(host)?.unmapped.isLoopback == true }
}
