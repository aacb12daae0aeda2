import Catalog
import Dispatcher
import HTTPClient
public import Setup
import StepKit
public import Store
public import Values

extension Registry {
  /// Adds a connection with its secrets, after exchanging an authorization code.
  ///
  /// - Throws: a `usage` problem where a setting is missing, unknown or malformed; `cannotCreate` where
  ///   the name is taken; `refused` or `unavailable` where the app exchanges no code.
  public func add(
    connection name: String, app id: String, settings: [String: String],
    secrets: [String: Secret], trustsBaseURL: Bool = false
  ) throws(Problem) -> Connection {
    try insert(
      connection: name, app: id, settings: settings, secrets: secrets,
      trustsBaseURL: trustsBaseURL, granting: granted)
  }

  /// Changes and removes settings and secrets of a connection; what is not named stays.
  ///
  /// - Throws: as ``add(connection:app:settings:secrets:trustsBaseURL:)``, and `refused` where the
  ///   connection is in use and its account would change.
  public func change(
    connection name: String, settings: [String: String], secrets: [String: Secret],
    removing: Set<String> = [], trustsBaseURL: Bool = false
  ) throws(Problem) -> Connection {
    try update(
      connection: name, settings: settings, secrets: secrets, removing: removing,
      trustsBaseURL: trustsBaseURL, granting: granted)
  }

  /// The secrets that a connection keeps out of those that a person gave.
  ///
  /// A code that is good once is exchanged for a refresh token here and now, and not kept; an access
  /// token that an older refresh token gave is forgotten.
  private func granted(
    _ given: [String: Secret], to connection: Connection
  ) throws(Problem) -> [String: Secret] {
    guard let facts = connection.app.http.oauth2 else { return given }
    var secrets = given
    var known = try home.secrets(of: connection)
    known.merge(given.mapValues { $0.reveal() }) { _, new in new }
    if let name = facts.code, let code = secrets.removeValue(forKey: name) {
      let endpoint = TokenEndpoint(connection: connection, spec: facts, secrets: known)
      let (refresh, access) = try Self.exchanged(code, connection, endpoint)
      secrets[facts.refreshToken] = refresh
      secrets[AccessTokens.secretName] = Secret(access.json.text)
    } else if known[facts.refreshToken] == nil {
      throw Self.lacking(facts, connection.app)
    } else if !secrets.isEmpty {
      secrets[AccessTokens.secretName] = Secret("{}")
    }
    return secrets
  }

  private static func exchanged(
    _ code: Secret, _ connection: Connection, _ endpoint: TokenEndpoint
  ) throws(Problem) -> (Secret, AccessToken) {
    let app = connection.app.name
    switch try endpoint.exchange(code: code.reveal(), CurlClient(), now: WallClock.system.now()) {
    case .token(let token, let refresh?): return (refresh, token)
    case .token:
      throw Problem(.refused, "\(app) gave no refresh token for the code; make another code")
    case .refused(let reason):
      throw Problem(
        .refused,
        "\(app) did not take the code: \(reason); a code is good once and for a few minutes: make"
          + " another, and look whether the client and the server are the right ones")
    case .unavailable(let reason):
      throw Problem(
        .unavailable,
        "\(app) did not exchange the code: \(reason); make another code and try again")
    }
  }

  private static func lacking(_ facts: OAuth2Spec, _ app: App) -> Problem {
    let names = [facts.code, facts.refreshToken].compactMap(\.self)
    let labels = names.map { app.setting($0)?.label ?? $0 }.joined(separator: " or its ")
    let how = names.map { "--secret \($0)=@FILE" }.joined(separator: " or ")
    return Problem(.usage, "\(app.name) needs its \(labels): \(how)")
  }
}
