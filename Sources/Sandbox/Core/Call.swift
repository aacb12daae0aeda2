import HTTPTypes
import Values

/// A request to one simulated API.
struct Call: Sendable {
  let method: String
  /// The segments after the app's name.
  let path: [String]
  let query: [Field]
  let headers: Headers
  let body: [UInt8]

  /// Whether the `Content-Type` is the given one, whatever its parameters.
  func hasType(_ type: String) -> Bool { (headers["Content-Type"] ?? "").hasPrefix(type) }
}
