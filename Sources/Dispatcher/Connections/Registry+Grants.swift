import HTTPClient
import StepKit
import Store
import Values

extension Registry {
  /// The secrets that a connection keeps out of those that a person gave.
  ///
  /// A code that is good once is exchanged for a refresh token here and now, and not kept; an access
  /// token that an older refresh token gave is forgotten.
  func granted(
    _ given: [String: Secret], to connection: Connection
  ) throws(Problem) -> [String: Secret] {
    guard let facts = connection.app.http.oauth2 else { return given }
    var secrets = given
    var known = try home.secrets(of: connection)
    known.merge(given.mapValues { $0.reveal() }) { _, new in new }
    if let name = facts.code, let code = secrets.removeValue(forKey: name) {
      let endpoint = TokenEndpoint(connection: connection, facts: facts, secrets: known)
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
    switch try endpoint.exchange(code: code.reveal(), CurlClient(), now: Clock.system.now()) {
    case .token(let token, let refresh?): return (refresh, token)
    case .token:
      throw Problem(.refused, "\(app) gave no refresh token for the code; make another code")
    case .refused(let reason):
      throw Problem(
        .refused,
        "\(app) did not take the code: \(reason); a code is good once and for a few minutes: make"
          + " another, and look whether the client and the server are the right ones")
    case .trouble(let reason):
      throw Problem(
        .unavailable,
        "\(app) did not exchange the code: \(reason); make another code and try again")
    }
  }

  private static func lacking(_ facts: OAuth2Facts, _ app: App) -> Problem {
    let names = [facts.code, facts.refreshToken].compactMap(\.self)
    let labels = names.map { app.setting($0)?.label ?? $0 }.joined(separator: " or its ")
    let how = names.map { "--secret \($0)=@FILE" }.joined(separator: " or ")
    return Problem(.usage, "\(app.name) needs its \(labels): \(how)")
  }
}
