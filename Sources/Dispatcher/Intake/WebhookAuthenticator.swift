import Catalog
import FoundationEssentials
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
  private var connections: [String: Connection] = [:]
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
    connections = [:]
    secrets = [:]
    validHeaders = [:]
  }

  /// The connection that a webhook belongs to.
  ///
  /// - Throws: `notFound` if the path names no connection; `wrongMethod`; `wrongSecret`; `unavailable` if
  ///   the store cannot be read.
  mutating func connection(for request: Request) throws(WebhookRefusal) -> Connection {
    let path = request.path
    guard path.count == 2 || path.count == 3, path[0] == "hooks" else { throw .notFound }
    guard request.method == "POST" else { throw .wrongMethod }
    guard let connection = try find(path[1]), let spec = connection.app.webhook else {
      throw .notFound
    }
    switch spec.auth {
    case .basic(let username, let password):
      guard path.count == 2 else { throw .notFound }
      try checkBasic(request, connection, username, password)
    case .path(let secret):
      guard try matches(path.count == 3 ? path[2] : "", connection, secret) else {
        throw .wrongSecret
      }
    }
    return connection
  }

  private mutating func find(_ name: String) throws(WebhookRefusal) -> Connection? {
    if let known = connections[name] { return known }
    do throws(Problem) {
      let found = try registry.connections.find(name)
      connections[name] = found
      return found
    } catch {
      throw .unavailable(error)
    }
  }

  private mutating func checkBasic(
    _ request: Request, _ connection: Connection, _ username: String, _ password: String
  ) throws(WebhookRefusal) {
    let header = request.headers["Authorization"] ?? ""
    if let valid = validHeaders[connection.name], Self.areEqual(header, valid) { return }
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "basic",
      let pair = Data(base64Encoded: String(parts[1])).map({ Array($0) })
    else { throw .wrongSecret }
    let colon = pair.firstIndex(of: UInt8(ascii: ":")) ?? pair.endIndex
    let name = String(decoding: pair[..<colon], as: UTF8.self)
    let given = String(decoding: pair[colon...].dropFirst(), as: UTF8.self)
    let expected = connection.known[username].nonBlank ?? Self.defaultUsername
    let isExpected = Self.areEqual(name, expected)
    guard try matches(given, connection, password), isExpected else { throw .wrongSecret }
    validHeaders[connection.name] = header
  }

  /// The user name of webhooks unless the connection sets one.
  public static let defaultUsername = "meterbridge"

  /// Whether a text is the secret of a connection; false if the connection has none.
  private mutating func matches(
    _ given: String, _ connection: Connection, _ setting: String
  ) throws(WebhookRefusal) -> Bool {
    let secret = try secret(setting, of: connection)
    return !secret.isEmpty && Self.areEqual(given, secret)
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

  /// Compares texts in a time that depends only on the length of `given`.
  static func areEqual(_ given: String, _ secret: String) -> Bool {
    let (given, secret) = (Array(given.utf8), Array(secret.utf8))
    guard !secret.isEmpty else { return given.isEmpty }
    var difference = given.count ^ secret.count
    for (index, byte) in given.enumerated() {
      difference |= Int(byte ^ secret[index % secret.count])
    }
    return difference == 0
  }
}
