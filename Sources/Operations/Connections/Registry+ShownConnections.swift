import Catalog
import Requests
public import Setup
public import Values

extension Registry {
  /// All connections as `connection list --json` prints them.
  public func shownConnections() throws(Problem) -> [JSON] {
    let pauses = Pauses(home: home)
    return try connections.all().map { (connection) throws(Problem) in
      .members([
        "name": .string(connection.name), "app": .string(connection.app.id),
        "account": .string(connection.scope), "settings": connection.settings,
        "paused": .text(try pauses.reason(of: connection.name)),
      ])
    }
  }

  /// A connection as `connection show --json` prints it: with defaults, the names of its secrets, and the requests
  /// of the last time that its limit is for.
  public func shown(
    _ connection: Connection, at now: Timestamp = WallClock.system.now()
  ) throws(Problem) -> JSON {
    let used = FileRequestLimiter(home: home).used(by: connection, now: now)
    let rate = connection.limit.map { limit -> JSON in
      .members([
        "used": .int(used), "requests": .int(limit.requests), "seconds": .int(limit.seconds),
      ])
    }
    return .members([
      "rate": rate,
      "name": .string(connection.name), "app": .string(connection.app.id),
      "account": .string(connection.scope), "settings": .object(connection.known.object ?? [:]),
      "secrets": .texts(try connections.secretNames(of: connection)),
      "paused": .text(try Pauses(home: home).reason(of: connection.name)),
    ])
  }
}
