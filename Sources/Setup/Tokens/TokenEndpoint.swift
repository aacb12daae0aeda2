public import Catalog
import FoundationEssentials
public import HTTPClient
import HTTPTypes
import StepKit
public import Store
public import Values

/// The OAuth 2 token endpoint of a connection (RFC 6749).
public struct TokenEndpoint {
  /// The outcome of a request.
  public enum Outcome {
    /// The endpoint issued an access token, and a refresh token if it issues a new one each time.
    case token(AccessToken, refresh: Secret?)
    /// The request is invalid and will not succeed later; the text is the reason.
    case refused(String)
    /// The request may succeed later; the text is the reason.
    case unavailable(String)
  }

  private let connection: Connection
  private let spec: OAuth2Spec
  private let secrets: [String: String]

  /// The limit of a request, in seconds: other processes wait for it.
  private static let timeout = 15.0

  /// Creates the endpoint of a connection with these secrets.
  public init(connection: Connection, spec: OAuth2Spec, secrets: [String: String]) {
    self.connection = connection
    self.spec = spec
    self.secrets = secrets
  }

  /// Requests an access token with the refresh token of the connection.
  ///
  /// - Throws: a `configuration` problem if the connection has no refresh token.
  public func renew(_ client: any HTTPTransport, now: Timestamp) throws(Problem) -> Outcome {
    guard let token = secrets[spec.refreshToken] else {
      let label = connection.app.setting(spec.refreshToken)?.label ?? spec.refreshToken
      throw Problem(
        .configuration,
        "connection \"\(connection.name)\" has no \(label): set it or a new code with"
          + " `meterbridge connection set \(connection.name)`")
    }
    return try request("refresh_token", Field("refresh_token", token), client, now)
  }

  /// Requests an access token and a refresh token with an authorization code, which is valid once.
  ///
  /// - Throws: a `configuration` or `refused` problem if the URL of the endpoint is not allowed.
  public func exchange(
    code: String, _ client: any HTTPTransport, now: Timestamp
  ) throws(Problem) -> Outcome {
    try request("authorization_code", Field("code", code), client, now)
  }

  private func request(
    _ grantType: String, _ grant: Field, _ client: any HTTPTransport, _ now: Timestamp
  ) throws(Problem) -> Outcome {
    let fields = [
      Field("grant_type", grantType),
      Field("client_id", connection.filled(spec.clientID) { secrets[$0] }),
      Field("client_secret", connection.filled(spec.clientSecret) { secrets[$0] }), grant,
    ]
    let headers: Headers = [
      "Accept": "application/json", "Content-Type": HTTPSpec.Encoding.form.contentType,
    ]
    var request = ClientRequest(
      "POST", try connection.url(spec.url), headers: headers, body: Array(Form.encode(fields).utf8))
    request.timeout = Self.timeout
    let mask = SecretMask(secrets.values + [grant.value])
    do throws(TransportFailure) {
      return outcome(of: try client.send(request), mask, now)
    } catch {
      switch error {
      case .notSent(let reason), .forbidden(let reason), .doubtful(let reason):
        return .unavailable(mask.masked(reason))
      }
    }
  }

  /// Reads a response; some endpoints send an error with the status 200.
  private func outcome(
    of response: ClientResponse, _ mask: SecretMask, _ now: Timestamp
  ) -> Outcome {
    let answered = "the token endpoint answered \(response.status)"
    guard let body = try? JSON(parsing: response.body) else {
      return .unavailable("\(answered) with a body that is not JSON")
    }
    guard let token = AccessToken(response: body, spec, now: now) else {
      // Only an error code is shown: an endpoint may quote the request, and with it a secret.
      let text = mask.masked(body["error"].nonBlank ?? "")
      let error = text.utf8.allSatisfy(Self.isInErrorCode) ? text.truncated(to: 60) : ""
      let reason = error.isEmpty ? answered : "\(answered): \(error)"
      return Self.isPermanent(error, response.status) ? .refused(reason) : .unavailable(reason)
    }
    do throws(Problem) {
      _ = try connection.baseURL(on: token.server)
    } catch {
      return .refused("the token endpoint named an API server that is not allowed")
    }
    return .token(token, refresh: body["refresh_token"].nonBlank.map { Secret($0) })
  }

  private static func isInErrorCode(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F || byte == 0x20
  }

  /// Whether a code, client or token is invalid.
  ///
  /// Other errors are temporary, such as Zoho's "Access Denied" for too many tokens.
  private static func isPermanent(_ error: String, _ status: Int) -> Bool {
    error.hasPrefix("invalid") || error.hasPrefix("un") || status == 401
  }
}
