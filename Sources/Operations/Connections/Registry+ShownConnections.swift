import Catalog
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

  /// A connection as `connection show --json` prints it: with defaults and the names of its secrets.
  public func shown(_ connection: Connection) throws(Problem) -> JSON {
    .members([
      "name": .string(connection.name), "app": .string(connection.app.id),
      "account": .string(connection.scope), "settings": .object(connection.known.object ?? [:]),
      "secrets": .texts(try connections.secretNames(of: connection)),
      "paused": .text(try Pauses(home: home).reason(of: connection.name)),
    ])
  }
}
