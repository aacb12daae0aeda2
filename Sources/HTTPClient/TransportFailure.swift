/// The reason why a request got no response, and whether the server can have seen the request.
///
/// A reason names the server and the error; never a header, the body, the path, the query or
/// a user name.
public enum TransportFailure: Error, Equatable, CustomStringConvertible {
  /// The server cannot have seen the request: sending it again repeats nothing.
  case notSent(String)
  /// The request's ``DestinationPolicy`` forbids the server: it was not sent, and a retry will not be.
  case forbidden(String)
  /// The server may have seen the request, and may have acted on it.
  case doubtful(String)

  /// The error.
  public var reason: String {
    switch self {
    case .notSent(let reason), .forbidden(let reason), .doubtful(let reason): reason
    }
  }

  /// The error, and whether the request was sent.
  public var description: String {
    switch self {
    case .notSent(let reason), .forbidden(let reason): "not sent: \(reason)"
    case .doubtful(let reason): "sent, outcome unknown: \(reason)"
    }
  }
}
