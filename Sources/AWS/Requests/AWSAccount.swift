import HTTPClient
import HTTPTypes
public import Store
public import Values

/// Where requests to AWS go, and the access key that signs them.
///
/// The names of the variables are those of AWS's own tools. There are no profiles and no files.
public struct AWSAccount: Sendable {
  /// The region, such as `eu-central-1`.
  public let region: String
  /// The id of the access key.
  public let keyID: String
  private let secret: Secret
  /// The token of temporary credentials, such as those of a Lambda.
  private let sessionToken: Secret?
  /// The URL of an emulator on this machine; nil for AWS.
  public let endpoint: String?

  /// An account.
  /// - Throws: A `configuration` problem if the region is none, or the endpoint is not confidential.
  public init(
    region: String, keyID: String, secret: Secret, sessionToken: Secret? = nil,
    endpoint: String? = nil
  ) throws(Problem) {
    // It becomes a part of the host's name
    guard !region.isEmpty, region.utf8.allSatisfy(Self.isOfRegion) else {
      throw Problem(.configuration, "AWS_REGION is no region, such as eu-central-1")
    }
    if let endpoint {
      guard let origin = Origin(strict: endpoint), origin.isConfidential,
        endpoint == origin.text || endpoint == origin.text + "/"
      else {
        throw Problem(
          .configuration,
          "AWS_ENDPOINT_URL is no https URL without a path, and no http URL of this machine")
      }
    }
    (self.region, self.keyID, self.secret) = (region, keyID, secret)
    (self.sessionToken, self.endpoint) = (sessionToken, endpoint)
  }

  /// The account of an environment: `AWS_REGION` or `AWS_DEFAULT_REGION`, `AWS_ACCESS_KEY_ID`,
  /// `AWS_SECRET_ACCESS_KEY`, and if they are set `AWS_SESSION_TOKEN` and `AWS_ENDPOINT_URL`.
  ///
  /// - Throws: A `configuration` problem that names the variable that is missing.
  public init(environment: [String: String]) throws(Problem) {
    func variable(_ name: String) -> String? { environment[name]?.nonBlank }
    func required(_ value: String?, _ name: String) throws(Problem) -> String {
      guard let value else { throw Problem(.configuration, "\(name) is not set") }
      return value
    }
    try self.init(
      region: try required(
        variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION"), "AWS_REGION"),
      keyID: try required(variable("AWS_ACCESS_KEY_ID"), "AWS_ACCESS_KEY_ID"),
      secret: Secret(try required(variable("AWS_SECRET_ACCESS_KEY"), "AWS_SECRET_ACCESS_KEY")),
      sessionToken: variable("AWS_SESSION_TOKEN").map(Secret.init),
      endpoint: variable("AWS_ENDPOINT_URL"))
  }

  /// A signed request for an action.
  func request(_ service: AWSService, _ action: String, _ body: JSON) -> ClientRequest {
    let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    let url = endpoint ?? "https://\(service.rawValue).\(region).\(domain)"
    var request = ClientRequest(
      "POST", url.hasSuffix("/") ? url : url + "/",
      headers: [
        "Content-Type": service.contentType, "X-Amz-Target": "\(service.target).\(action)",
      ], body: body.bytes)
    if let sessionToken { request.headers["X-Amz-Security-Token"] = sessionToken.reveal() }
    request.signing = RequestSigning(
      region: region, service: service.rawValue, keyID: keyID, secret: secret.reveal())
    request.maxResponseBytes = 64 << 20
    return request
  }

  private static func isOfRegion(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (0x30...0x39).contains(byte)
      || byte == UInt8(ascii: "-")
  }
}
