import HTTPServer
import HTTPTypes
import Values

/// The reply of a simulated API: a status, headers and an optional body, JSON or text.
struct Reply: Sendable, Equatable {
  var status: Int
  var body: JSON?
  var headers: Headers = [:]
  /// A body that is not JSON.
  var text: String?

  init(_ status: Int, text: String) {
    self.status = status
    self.text = text
  }

  init(_ status: Int, _ body: JSON?, headers: Headers = [:]) {
    self.status = status
    self.body = body
    self.headers = headers
  }

  /// A reply with a `Retry-After` in seconds.
  func retry(after seconds: Int) -> Reply {
    var reply = self
    reply.headers["Retry-After"] = String(seconds)
    return reply
  }

  var response: Response {
    var response = Response(status, headers: headers)
    if let body {
      response.headers["Content-Type"] = "application/json;charset=utf-8"
      response.body = body.bytes
    } else if let text {
      response.headers["Content-Type"] = "text/html"
      response.body = Array(text.utf8)
    }
    return response
  }
}
