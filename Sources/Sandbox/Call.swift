import HTTPServer
import HTTPTypes
import StepKit
import Values

/// A request to one emulated app.
struct Call: Sendable {
  let method: String
  /// The segments after the app's name.
  let path: [String]
  let query: [Field]
  let headers: Headers
  let body: [UInt8]
}

/// What an app answers: a status, a document or nothing, headers.
struct Reply: Sendable, Equatable {
  var status: Int
  var body: JSON?
  var headers: Headers = [:]

  init(_ status: Int, _ body: JSON?, headers: Headers = [:]) {
    self.status = status
    self.body = body
    self.headers = headers
  }

  var response: Response {
    var response = Response(status, headers: headers)
    if let body {
      response.headers["Content-Type"] = "application/json;charset=utf-8"
      response.body = body.bytes
    }
    return response
  }
}

/// A method and a path with a gap for an id: `GET /customers/{id}`.
struct Route: Sendable {
  let method: String
  let segments: [Substring]

  init(_ text: String) {
    let halves = text.split(separator: " ")
    method = String(halves[0])
    segments = halves[1].split(separator: "/")
  }

  /// The ids in the gaps, or nil where the path is another.
  func ids(in path: [String]) -> [String]? {
    guard path.count == segments.count else { return nil }
    var ids: [String] = []
    for (segment, part) in zip(segments, path) {
      if segment.first == "{" {
        guard !part.isEmpty else { return nil }
        ids.append(part)
      } else if segment != part {
        return nil
      }
    }
    return ids
  }
}
