import HTTPTypes

/// A request that is not taken, and what its sender is told before the connection is closed.
struct RequestError: Error, Equatable {
  let status: Int
  let reason: String

  init(_ status: Int, _ reason: String) {
    self.status = status
    self.reason = reason
  }

  var response: Response {
    var response = Response(status, type: "text/plain; charset=utf-8", text: reason + "\n")
    if status == 503 { response.headers["Retry-After"] = "1" }
    return response
  }
}
