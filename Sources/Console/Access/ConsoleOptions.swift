public import HTTPClient
public import Operations
public import Records
public import Setup
public import Store

/// The options of a console.
public struct ConsoleOptions: Sendable {
  /// A proxy in front of the console.
  public struct Proxy: Sendable {
    /// The numeric IP address from which it connects.
    public var address: String
    /// The header in which it names the operator whom it has signed in; nil if operators sign in here.
    public var userHeader: String?
    /// The value of its header `X-Meterbridge-Proxy`, without which the user header does not count.
    public var secret: Secret?

    /// A proxy at an address.
    public init(address: String, userHeader: String? = nil, secret: Secret? = nil) {
      (self.address, self.userHeader, self.secret) = (address, userHeader, secret)
    }
  }

  /// The address to listen on.
  public var listen = "127.0.0.1:8789"
  /// The URL by which people reach it through a proxy; nil for the address that it listens on.
  public var url: Origin?
  /// The proxy that forwards to it, if there is one.
  public var proxy: Proxy?
  /// What the server beside it counts, if there is one.
  public var metrics: Metrics?
  /// The clock.
  public var clock = WallClock.system
  /// Receives the log.
  public var report: @Sendable (LogEntry) -> Void = { _ in }

  /// The default options.
  public init() {}
}
