import HTTPServer

extension Fault.Kind {
  /// The response to a call that the fault keeps from being performed; nil if it is performed.
  func replacement(_ app: (some Emulation).Type) -> Response? {
    switch self {
    case .limit(let seconds): app.error(429).retry(after: seconds).response
    case .fail(let status): app.error(status).response
    case .page:
      Response(
        503, type: "text/html",
        text: "<html><body><h1>503 Service Unavailable</h1></body></html>")
    case .drop: .dropConnection
    case .doAndDrop, .doAndFail, .slow, .garbage, .wrongJSON, .echo: nil
    }
  }

  /// Changes the response to a call that is performed.
  func spoil(_ response: inout Response, to request: Request, _ app: (some Emulation).Type) {
    switch self {
    case .doAndDrop: response.dropsConnection = true
    case .doAndFail(let status): response = app.error(status).response
    case .slow(let seconds): response.delay = seconds
    case .garbage: response = Response(200, type: "application/json", text: "{\"id\": \u{1}<<")
    case .wrongJSON: response = Response(200, type: "application/json", text: "[\"ok\"]")
    case .echo(let status):
      if let status { response = app.error(status).response }
      response.body = Echo(of: request).added(to: response.body)
    case .limit, .fail, .page, .drop: break
    }
  }
}
