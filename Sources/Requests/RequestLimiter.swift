public import Setup
public import Values

/// Keeps the requests to an account below the limit that its app allows.
public protocol RequestLimiter: Sendable {
  /// Permits one request of a connection, or returns the time at which one will be permitted.
  ///
  /// - Throws: a `temporary` problem if the limiter cannot be used now.
  func wait(for connection: Connection, now: Timestamp) throws(Problem) -> Timestamp?
}
