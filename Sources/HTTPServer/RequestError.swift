import HTTPTypes
import Values

/// The error with which the server itself answers a request before it closes the connection.
struct RequestError: Error, Equatable {
  let status: Int
  let reason: String

  init(_ status: Int, _ reason: String) { (self.status, self.reason) = (status, reason) }

  /// The response: the reason as `{"error":"…"}`.
  var response: Response {
    .problem(status, reason, headers: status == 503 ? ["Retry-After": "1"] : [:])
  }
}
