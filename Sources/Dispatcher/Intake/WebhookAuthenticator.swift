import Catalog
import FoundationEssentials
import HTTPServer
import HTTPTypes
import Setup
import StepKit
import Store
import Values

/// Lets in only webhooks that show that they are the app's own.
///
/// It reads each connection and secret once, for as long as none may have changed: it is to ``look()``
/// whether one has before each batch of requests.
public struct WebhookAuthenticator {
  private let registry: Registry
  private var version: (settled: Int, secrets: Int)?
  private var connections: [String: Connection] = [:]
  private var secrets: [String: String] = [:]
  /// The header that was right before, by connection.
  private var right: [String: String] = [:]

  init(registry: Registry) { self.registry = registry }

  /// Forgets what it has read if that may have changed.
  mutating func look() {
    // Where that cannot be seen, nothing it has read is to be relied on.
    let version = try? (registry.home.version(), registry.home.secretsVersion())
    if let version, let known = self.version, version == known { return }
    self.version = version
    connections = [:]
    secrets = [:]
    right = [:]
  }

  /// The connection that a webhook is for.
  ///
  /// - Throws: the answer to who may not come in: 404 for no connection, 401 for the wrong secret.
  mutating func connection(for request: Request) throws(WebhookRefusal) -> Connection {
    let path = request.path
    guard path.count == 2 || path.count == 3, path[0] == "hooks" else { throw .notFound }
    guard request.method == "POST" else { throw .wrongMethod }
    guard let connection = try find(path[1]), let facts = connection.app.webhook else {
      throw .notFound
    }
    switch facts.auth {
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
    if let right = right[connection.name], Self.areEqual(header, right) { return }
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "basic",
      let pair = Data(base64Encoded: String(parts[1])).map({ Array($0) })
    else { throw .wrongSecret }
    let colon = pair.firstIndex(of: UInt8(ascii: ":")) ?? pair.endIndex
    let name = String(decoding: pair[..<colon], as: UTF8.self)
    let word = String(decoding: pair[colon...].dropFirst(), as: UTF8.self)
    let expected = connection.known[username].nonBlank ?? Self.standardUsername
    let isRight = Self.areEqual(name, expected)
    guard try matches(word, connection, password), isRight else { throw .wrongSecret }
    right[connection.name] = header
  }

  /// Who a webhook comes from where the connection names nobody.
  public static let standardUsername = "meterbridge"

  /// Whether it is the connection's secret; a connection without one lets nobody in.
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

  /// Compares in a time that depends on the length of what was given, and on nothing else.
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
