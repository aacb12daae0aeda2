import Catalog
import Dispatcher
import HTTPClient
import Requests
public import Setup
import StepKit
public import Store
public import Values

extension Registry {
  /// Adds a connection with its secrets, after exchanging an authorization code.
  ///
  /// - Throws: A `usage` problem if a setting is missing, unknown or malformed; `cannotCreate` if the
  ///   name is taken; `refused` or `unavailable` if the app does not exchange the code.
  public func add(
    connection name: String, app id: String, settings: [String: String],
    secrets: [String: Secret], trustsBaseURL: Bool = false
  ) throws(Problem) -> Connection {
    try insert(
      connection: name, app: id, settings: settings, secrets: secrets,
      trustsBaseURL: trustsBaseURL, granting: granted)
  }

  /// Changes and removes settings and secrets of a connection; the others stay.
  ///
  /// With `triesKey`, the app is asked first with one harmless read.
  ///
  /// - Throws: as ``add(connection:app:settings:secrets:trustsBaseURL:)``, and `refused` where the
  ///   connection is in use and its account would change, or the app refuses the key; nothing is
  ///   changed then.
  public func change(
    connection name: String, settings: [String: String], secrets: [String: Secret],
    removing: Set<String> = [], trustsBaseURL: Bool = false, triesKey: Bool = false
  ) throws(Problem) -> Connection {
    try update(
      connection: name, settings: settings, secrets: secrets, removing: removing,
      trustsBaseURL: trustsBaseURL
    ) { (given, connection) throws(Problem) in
      let kept = try granted(given, to: connection)
      let code = connection.app.http.oauth2?.code
      // A code is good once: its exchange was the trial
      if triesKey, code.flatMap({ given[$0] }) == nil {
        try tryKey(of: connection, kept, without: removing)
      }
      return kept
    }
  }

  /// Tries the key of a connection that is not kept yet: its secrets are in memory only, so that nothing is left
  /// of them if the process is killed meanwhile.
  private func tryKey(
    of connection: Connection, _ secrets: [String: Secret], without removed: Set<String>
  ) throws(Problem) {
    guard connection.app.test?.method == .get || connection.app.mail != nil else { return }
    let trial = Home(
      at: home.path, store: home.store, secrets: Secrets(in: InMemoryStore(watching: [""])))
    var all = try home.secrets(of: connection).filter { !removed.contains($0.key) }
      .mapValues { Secret($0) }
    all.merge(secrets) { $1 }
    for (name, secret) in all { try trial.keep(secret, name, of: connection.name) }
    let outcome = try APIClient(home: trial).test(connection)
    guard case .answered(let answer, _)? = outcome, !answer.isSuccess, !answer.isTemporary else {
      return
    }
    throw Problem(
      .refused,
      "nothing was changed: \(Self.refusal(answer, of: connection)); --force changes it anyway")
  }

  /// The secrets to store for those that a person gave.
  ///
  /// An authorization code is exchanged for a refresh token at once and not stored. The access token of
  /// an earlier refresh token is discarded.
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
      throw Problem(.refused, "\(app) returned no refresh token for the code; create another code")
    case .refused(let reason):
      throw Problem(
        .refused,
        "\(app) did not accept the code: \(reason); a code is valid once and for a few minutes: create"
          + " another, and check that client and server are the right ones")
    case .unavailable(let reason):
      throw Problem(
        .unavailable,
        "\(app) did not exchange the code: \(reason); create another code and try again")
    }
  }

  private static func lacking(_ facts: OAuth2Spec, _ app: App) -> Problem {
    let names = [facts.code, facts.refreshToken].compactMap(\.self)
    let labels = names.map { app.setting($0)?.label ?? $0 }.joined(separator: " or ")
    let how = names.map { "--secret \($0)=@FILE" }.joined(separator: " or ")
    return Problem(.usage, "\(app.name) requires \(labels): pass \(how)")
  }
}
