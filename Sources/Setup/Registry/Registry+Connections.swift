import Catalog
public import Store
public import Values

extension Registry {
  /// The secrets that a connection keeps out of those that a person gave: an authorization code, for
  /// instance, is exchanged for a refresh token.
  public typealias Granting = (
    _ given: [String: Secret], _ connection: Connection
  ) throws(Problem) -> [String: Secret]

  /// Adds a connection with its secrets; the name must be new, and what
  /// it is told right.
  public func insert(
    connection name: String, app id: String, settings: [String: String],
    secrets: [String: Secret], trustsBaseURL: Bool, granting: Granting
  ) throws(Problem) -> Connection {
    let connection = try ConnectionStore.checked(
      connection: name, catalog.app(id), settings: settings, secrets: secrets,
      trustsBaseURL: trustsBaseURL)
    guard try connections.find(name) == nil else { throw ConnectionStore.taken(name) }
    try connections.keep(granting(secrets, connection), of: name)
    let key = StoreKey.connection.key(name)
    guard try home.commit([.put(key, connection.json)], if: [.absent(key)]) else {
      throw ConnectionStore.taken(name)
    }
    return connection
  }

  /// Changes settings and secrets of a connection, and takes settings away; what is not named stays.
  ///
  /// A connection that is in use stays with its account.
  public func update(
    connection name: String, settings: [String: String], secrets: [String: Secret],
    removing: Set<String>, trustsBaseURL: Bool, granting: Granting
  ) throws(Problem) -> Connection {
    let old = try connections.get(name)
    let known: [String]
    do throws(StoreError) { known = try home.secrets.names(of: name) } catch {
      throw Problem(error)
    }
    for setting in removing.sorted() where settings[setting] != nil || secrets[setting] != nil {
      throw Problem(.usage, "\(setting) is both given and taken away")
    }
    if let name = old.app.http.oauth2?.refreshToken, removing.contains(name) {
      throw Problem(.usage, "\(old.app.name) needs its \(name), which cannot be taken away")
    }
    for setting in removing where old.settings[setting].isNull && !known.contains(setting) {
      throw Problem(.usage, "connection \"\(name)\" has no \(setting) that could be taken away")
    }
    let changed = try ConnectionStore.values(settings, old.app, trustsBaseURL: trustsBaseURL)
    let values = (old.settings.object ?? [:]).filter { !removing.contains($0.key) }
      .merging(changed) { $1 }
    let settable = known.filter { old.app.setting($0) != nil && !removing.contains($0) }
    try ConnectionStore.check(values, Set(secrets.keys).union(settable), old.app)
    try ConnectionStore.check(secrets, old.app)
    let connection = Connection(name: name, app: old.app, settings: .object(values))
    try connection.checkReach()
    try connection.check(signing: secrets)
    let users = try users(of: name)
    guard connection.scope == old.scope || users.isEmpty else {
      throw Problem(
        .refused,
        "connection \"\(name)\" would be to \(connection.scope) instead of \(old.scope), whose things"
          + " the ID mapping knows, and is used by \(users.joined(separator: ", ")): add another"
          + " connection")
    }
    try connections.keep(granting(secrets, connection), of: name)
    _ = try home.commit([.put(StoreKey.connection.key(name), connection.json)])
    do throws(StoreError) {
      for setting in removing where known.contains(setting) {
        try home.secrets.remove(setting, of: name)
      }
    } catch {
      throw Problem(error)
    }
    return connection
  }

  /// Removes a connection and its secrets; refused while a flow connection uses it.
  public func remove(connection name: String) throws(Problem) {
    _ = try connections.get(name)
    let users = try users(of: name)
    guard users.isEmpty else {
      throw Problem(.refused, "connection \"\(name)\" is used by \(users.joined(separator: ", "))")
    }
    _ = try home.commit([StoreKey.connection, .paused].map { .remove($0.key(name)) })
    do throws(StoreError) { try home.secrets.removeAll(of: name) } catch { throw Problem(error) }
  }

  /// The flow connections that a connection is used by.
  private func users(of connection: String) throws(Problem) -> [String] {
    try flows.connections().filter { $0.parts.contains { $0.connection == connection } }.map(\.name)
  }
}
