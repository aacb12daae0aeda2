public import Catalog
import FoundationEssentials
public import HTTPClient
import HTTPTypes
public import Setup
import StepKit
public import Store
public import Values

/// The server that gives a connection its access tokens.
public struct TokenEndpoint {
  /// What it said.
  public enum Answer {
    /// A token, and another refresh token where it gives a new one each time.
    case token(AccessToken, refresh: Secret?)
    /// It will not, however often it is asked.
    case refused(String)
    /// Worth another try.
    case trouble(String)
  }

  /// The connection.
  public let connection: Connection
  /// The app's OAuth 2 facts.
  public let facts: OAuth2Spec
  /// The connection's secrets.
  public let secrets: [String: String]

  /// The server behind a connection.
  public init(connection: Connection, facts: OAuth2Spec, secrets: [String: String]) {
    self.connection = connection
    self.facts = facts
    self.secrets = secrets
  }

  /// Seconds that an answer may take; others wait for it.
  private static let timeout = 15.0

  /// An access token for the connection's refresh token.
  public func renew(_ client: any HTTPTransport, now: Timestamp) throws(Problem) -> Answer {
    guard let token = secrets[facts.refreshToken] else {
      let label = connection.app.setting(facts.refreshToken)?.label ?? facts.refreshToken
      throw Problem(
        .configuration,
        "connection \"\(connection.name)\" has lost its \(label): `meterbridge connection set"
          + " \(connection.name)` gives it one, or a code")
    }
    return try ask("refresh_token", ["refresh_token": token], client, now)
  }

  /// A refresh token, and an access token, for a code that is good once.
  public func exchange(code: String, _ client: any HTTPTransport, now: Timestamp) throws(Problem)
    -> Answer
  {
    try ask("authorization_code", ["code": code], client, now)
  }

  private func ask(
    _ grant: String, _ more: KeyValuePairs<String, String>, _ client: any HTTPTransport,
    _ now: Timestamp
  ) throws(Problem) -> Answer {
    let filled = [facts.clientID, facts.clientSecret].map { template in
      connection.filled(template) { secrets[$0] }
    }
    let fields =
      [
        Field("grant_type", grant), Field("client_id", filled[0]),
        Field("client_secret", filled[1]),
      ] + more.map { Field($0.key, $0.value) }
    let headers: Headers = [
      "Accept": "application/json",
      "Content-Type": HTTPSpec.Encoding.form.contentType,
    ]
    var request = ClientRequest(
      "POST", try connection.url(facts.url), headers: headers, body: Array(Form.encode(fields).utf8)
    )
    request.timeout = Self.timeout
    do throws(TransportFailure) {
      return answer(try client.send(request), now)
    } catch {
      switch error {
      case .notSent(let reason), .forbidden(let reason), .doubtful(let reason):
        return .trouble(reason)
      }
    }
  }

  /// Some endpoints say no with a status that says yes: the body decides.
  private func answer(_ response: ClientResponse, _ now: Timestamp) -> Answer {
    let said = "answered \(response.status)"
    guard let body = try? JSON(parsing: response.body) else {
      return .trouble("the token endpoint \(said) with something that is not JSON")
    }
    guard let token = AccessToken(answer: body, facts, now: now) else {
      // Words only: an endpoint that says again what it was told names a secret
      let told = body["error"].nonBlank ?? ""
      let error = told.utf8.allSatisfy(Self.isWordly) ? told.truncated(to: 60) : ""
      let reason = "the token endpoint \(said)\(error.isEmpty ? "" : ": \(error)")"
      return Self.isRefusal(error, response.status) ? .refused(reason) : .trouble(reason)
    }
    do throws(Problem) {
      _ = try connection.baseURL(on: token.server)
    } catch {
      return .refused("the token endpoint named a server that no token is sent to")
    }
    return .token(token, refresh: body["refresh_token"].nonBlank.map { Secret($0) })
  }

  private static func isWordly(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F || byte == 0x20
  }

  /// Whether an error stays one: a code, a client or a token that is not good.
  ///
  /// Other words, such as Zoho's "Access Denied" for too many tokens, are about now.
  private static func isRefusal(_ error: String, _ status: Int) -> Bool {
    error.hasPrefix("invalid") || error.hasPrefix("un") || status == 401
  }
}
