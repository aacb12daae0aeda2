import HTTPServer
import HTTPTypes
import Setup
import StepKit
import Values

/// Authenticates webhooks by user name and password, or by a secret in the path.
///
/// It caches connections and secrets until the next ``refresh()``.
struct WebhookAuthenticator {
  /// A connection with its lock, or the problem with its secrets.
  private struct Door {
    let connection: Connection
    var lock: Result<WebhookLock, Problem>
  }

  private let registry: Registry
  /// The versions of the store and the secrets that the cache was filled from.
  private var version: (settled: Int, secrets: Int)?
  /// All connections, so that the time of an answer does not tell which there are.
  private var doors: [String: Door]?

  init(registry: Registry) { self.registry = registry }

  /// Empties the cache if a connection or secret may have changed; called before each batch.
  mutating func refresh() {
    // If the version cannot be read, the cache may be outdated.
    let version = try? (registry.home.version(), registry.home.secretsVersion())
    if let version, let known = self.version, version == known { return }
    self.version = version
    doors = nil
  }

  /// The connection that a webhook belongs to.
  ///
  /// - Throws: `wrongMethod`; `wrongSecret`; `unknownURL`, after as much work, if the path names no
  ///   connection; `notFound` if it is none of webhooks; `unavailable` if the store cannot be read.
  mutating func connection(for request: Request) throws(WebhookRefusal) -> Connection {
    let path = request.path
    guard path.count == 2 || path.count == 3, path[0] == "hooks" else { throw .notFound }
    guard request.method == "POST" else { throw .wrongMethod }
    if doors == nil { doors = try allDoors() }
    let door = doors?[path[1]]
    var lock = WebhookLock.none
    do throws(Problem) { lock = try door?.lock.get() ?? lock } catch { throw .unavailable(error) }
    let isOpen = lock.opens(
      header: request.headers["Authorization"] ?? "", path: path.count == 3 ? path[2] : nil,
      at: WallClock.system.now())
    guard isOpen, let door else { throw lock.isOfConnection ? .wrongSecret : .unknownURL }
    doors?[path[1]]?.lock = .success(lock)
    return door.connection
  }

  private func allDoors() throws(WebhookRefusal) -> [String: Door] {
    do throws(Problem) {
      let doors = try registry.connections.all().map { connection in
        Door(
          connection: connection,
          lock: Result { () throws(Problem) in
            try WebhookLock(of: connection, in: registry.home)
          })
      }
      return Dictionary(doors.map { ($0.connection.name, $0) }) { one, _ in one }
    } catch {
      throw .unavailable(error)
    }
  }
}
