import Foundation
import HTTPClient
import HTTPTypes
import Synchronization
import Testing
import Values

@testable import Sandbox

/// A response with its JSON body.
struct Answer {
  let status: Int
  let headers: Headers
  let json: JSON
  let text: String

  init(_ response: ClientResponse) {
    status = response.status
    headers = response.headers
    text = String(decoding: response.body, as: UTF8.self)
    json = (try? JSON(parsing: response.body)) ?? .null
  }

  subscript(path: String) -> JSON { json[path: path] }

  /// The status, code and parameter of a Chargebee error.
  var fault: String {
    "\(status) \(json["api_error_code"].string ?? "") \(json["param"].string ?? "")"
  }
}
