import Catalog
import HTTPServer
import HTTPTypes
import Setup
import StepKit
import Store
import Values

/// Authenticates webhooks by user name and password, or by a secret in the path.
///
/// It caches connections and secrets until the next ``refresh()``.
public struct WebhookAuthenticator {
  private let registry: Registry
  /// The versions of the store and the secrets that the cache was filled from.
  private var version: (settled: Int, secrets: Int)?
  /// All connections, so that the time of an answer does not tell which there are.
  private var connections: [String: Connection]?
  private var secrets: [String: String] = [:]
  /// The last valid `Authorization` header of each connection.
  private var validHeaders: [String: String] = [:]

  init(registry: Registry) { self.registry = registry }

  /// Empties the cache if a connection or secret may have changed; called before each batch.
  mutating func refresh() {
    // If the version cannot be read, the cache may be outdated.
    let version = try? (registry.home.version(), registry.home.secretsVersion())
    if let version, let known = self.version, version == known { return }
    self.version = version
    connections = nil
    secrets = [:]
    validHeaders = [:]
  }

  /// The connection that a webhook belongs to.
  ///
  /// - Throws: `wrongMethod`; `wrongSecret`; `unknownURL`, after as much work, if the path names no
  ///   connection; `notFound` if it is none of webhooks; `unavailable` if the store cannot be read.
  mutating func connection(for request: Request) throws(WebhookRefusal) -> Connection {
    let path = request.path
    guard path.count == 2 || path.count == 3, path[0] == "hooks" else { throw .notFound }
    guard request.method == "POST" else { throw .wrongMethod }
    guard let connection = try find(path[1]), let spec = connection.app.webhook else {
      _ = BasicCredentials(header: request.headers["Authorization"] ?? "").map {
        Constant.areEqual($0.password, Self.noSecret)
      }
      _ = Constant.areEqual(path.last ?? "", Self.noSecret)
      throw .unknownURL
    }
    switch spec.auth {
    case .basic(let username, let password):
      try checkBasic(request, connection, username, password)
      guard path.count == 2 else { throw .unknownURL }
    case .internal: throw .unknownURL
    case .path(let secret):
      guard try matches(path.count == 3 ? path[2] : "", connection, secret) else {
        throw .wrongSecret
      }
    }
    return connection
  }

  private mutating func find(_ name: String) throws(WebhookRefusal) -> Connection? {
    if let connections { return connections[name] }
    do throws(Problem) {
      let all = try registry.connections.all()
      let found = Dictionary(all.map { ($0.name, $0) }) { one, _ in one }
      connections = found
      return found[name]
    } catch {
      throw .unavailable(error)
    }
  }

  private mutating func checkBasic(
    _ request: Request, _ connection: Connection, _ username: String, _ password: String
  ) throws(WebhookRefusal) {
    let header = request.headers["Authorization"] ?? ""
    if let valid = validHeaders[connection.name], Constant.areEqual(header, valid) { return }
    guard let pair = BasicCredentials(header: header) else { throw .wrongSecret }
    let expected = connection.known[username].nonBlank ?? Self.defaultUsername
    let isExpected = Constant.areEqual(pair.name, expected)
    let former = try former(password, of: connection)
    guard try matches(pair.password, connection, password), isExpected else { throw .wrongSecret }
    // A former secret must not be remembered beyond its time.
    if former == nil { validHeaders[connection.name] = header }
  }

  /// What is compared where there is no secret.
  private static let noSecret = String(repeating: "x", count: 24)

  /// The user name of webhooks unless the connection sets one.
  public static let defaultUsername = "meterbridge"

  /// Whether a text is the secret of a connection; false if the connection has none.
  private mutating func matches(
    _ given: String, _ connection: Connection, _ setting: String
  ) throws(WebhookRefusal) -> Bool {
    let secret = try secret(setting, of: connection)
    let isCurrent = !secret.isEmpty && Constant.areEqual(given, secret)
    guard let former = try former(setting, of: connection) else { return isCurrent }
    return Constant.areEqual(given, former) || isCurrent
  }

  /// The secret before the current one, while both are valid.
  private mutating func former(
    _ setting: String, of connection: Connection
  ) throws(WebhookRefusal) -> String? {
    let text = try secret(FormerSecret.name(of: setting), of: connection)
    return FormerSecret(text)?.secret(at: WallClock.system.now())
  }

  private mutating func secret(
    _ setting: String, of connection: Connection
  ) throws(WebhookRefusal) -> String {
    let name = "\(connection.name)/\(setting)"
    if let known = secrets[name] { return known }
    do throws(StoreError) {
      let secret = try registry.home.secrets.get(setting, of: connection.name)?.reveal() ?? ""
      secrets[name] = secret
      return secret
    } catch {
      throw .unavailable(Problem(error))
    }
  }
}
