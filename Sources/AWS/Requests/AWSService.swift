/// A service of AWS that takes JSON by `POST` to `/`, with the action in `X-Amz-Target`.
public enum AWSService: String, Sendable {
  /// DynamoDB, a database of items with keys.
  case dynamoDB = "dynamodb"

  /// The first part of the action's name.
  var target: String {
    switch self {
    case .dynamoDB: "DynamoDB_20120810"
    }
  }

  /// The content type of requests.
  var contentType: String {
    switch self {
    case .dynamoDB: "application/x-amz-json-1.0"
    }
  }
}
