/// What libcurl needs to sign a request by AWS's Signature Version 4 (`CURLOPT_AWS_SIGV4`).
///
/// libcurl signs `POST` requests to the path `/` as AWS does. It does not sort a query and does not
/// encode a path twice, so requests with either must not be sent with it.
public struct RequestSigning: Sendable {
  /// The region, such as `eu-central-1`.
  public let region: String
  /// The service, such as `dynamodb`.
  public let service: String
  /// The id of the access key.
  public let keyID: String
  let secret: String

  /// A signature with an access key.
  public init(region: String, service: String, keyID: String, secret: String) {
    (self.region, self.service, self.keyID, self.secret) = (region, service, keyID, secret)
  }
}

extension RequestSigning: CustomStringConvertible, CustomReflectable {
  /// The key's id, without the secret.
  public var description: String { "\(service) in \(region) with \(keyID)" }
  /// A mirror without the secret.
  public var customMirror: Mirror { Mirror(self, children: ["keyID": keyID]) }
}
