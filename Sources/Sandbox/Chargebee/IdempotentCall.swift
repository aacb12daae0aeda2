import HTTPTypes
import Values

/// The parts of a call that its idempotency key covers.
struct IdempotentCall: Sendable {
  let method: String
  let key: String?
  /// Method, path and sorted parameters in one text.
  let content: String

  init(_ call: Call, fields: [Field]) {
    method = call.method
    key = call.headers["chargebee-idempotency-key"]
    let sorted = fields.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }.sorted()
    content = "\(call.method) /\(call.path.joined(separator: "/"))?" + sorted.joined(separator: "&")
  }
}
