/// Why there is no answer, and on which side of the doubt we are.
///
/// A reason names the server and what went wrong; never a header, the body, the path, the query or
/// who asked.
public enum TransportFailure: Error, Equatable, CustomStringConvertible {
  /// The server cannot have seen the request: to send it again repeats nothing.
  case notSent(String)
  /// The server is out of the request's ``DestinationPolicy``: it was not connected to, and will not be.
  case forbidden(String)
  /// The server may have seen it, and may have done it.
  case doubtful(String)

  /// What went wrong.
  public var reason: String {
    switch self {
    case .notSent(let reason), .forbidden(let reason), .doubtful(let reason): reason
    }
  }

  /// The reason, and what is known.
  public var description: String {
    switch self {
    case .notSent(let reason), .forbidden(let reason): "not sent: \(reason)"
    case .doubtful(let reason): "sent, but nobody knows what came of it: \(reason)"
    }
  }
}
