import Setup

/// The credentials of a request, and the server that they are for.
struct Credentials {
  /// The value of the header `Authorization`; nil to send none.
  var header: String?
  /// The base URL of all paths.
  let base: String
  /// Whether the base is the whole URL.
  var isWhole = false
  /// The access token in the header; nil if it is not one that can be renewed.
  var token: String?
  /// The signature of requests; nil to send none.
  var signature: WebhookSignature?
}
