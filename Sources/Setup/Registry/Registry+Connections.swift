import Catalog
public import Store
public import Values

extension Registry {
  /// Returns the secrets to store for those that a person gave: an authorization code, for instance, is
  /// exchanged for a refresh token.
  public typealias Granting = (
    _ given: [String: Secret], _ connection: Connection
  ) throws(Problem) -> [String: Secret]

  /// Adds a connection with its secrets.
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

  /// Changes and removes settings and secrets of a connection; the others stay.
  ///
  /// - Throws: A `refused` problem if the account of a connection in use would change.
  public func update(
    connection name: String, settings: [String: String], secrets: [String: Secret],
    removing: Set<String>, trustsBaseURL: Bool, granting: Granting
  ) throws(Problem) -> Connection {
    let old = try connections.get(name)
    let known = try home.withSecrets { (secrets) throws(StoreError) in
      try secrets.names(of: name)
    }
    for setting in removing.sorted() where settings[setting] != nil || secrets[setting] != nil {
      throw Problem(.usage, "\(setting) is both set and removed")
    }
    if let name = old.app.http.oauth2?.refreshToken, removing.contains(name) {
      throw Problem(.usage, "\(old.app.name) requires \(name); it cannot be removed")
    }
    for setting in removing where old.settings[setting].isNull && !known.contains(setting) {
      throw Problem(.usage, "connection \"\(name)\" has no \(setting) to remove")
    }
    let changed = try ConnectionStore.values(settings, old.app, trustsBaseURL: trustsBaseURL)
    let values = (old.settings.object ?? [:]).filter { !removing.contains($0.key) }
      .merging(changed) { $1 }
    let settable = known.filter { old.app.setting($0) != nil && !removing.contains($0) }
    try ConnectionStore.check(values, Set(secrets.keys).union(settable), old.app)
    try ConnectionStore.check(secrets, old.app)
    let connection = Connection(name: name, app: old.app, settings: .object(values))
    try connection.checkReach()
    try connection.check(keys: secrets)
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
    try home.withSecrets { (secrets) throws(StoreError) in
      for setting in removing where known.contains(setting) {
        try secrets.remove(setting, of: name)
      }
    }
    return connection
  }

  /// Removes a connection and its secrets; refused while a flow connection uses it.
  public func remove(connection name: String) throws(Problem) {
    guard try !connections.get(name).app.isBuiltIn else {
      throw Problem(.refused, "connection \"\(name)\" is to Meterbridge itself and always there")
    }
    let users = try users(of: name)
    guard users.isEmpty else {
      throw Problem(.refused, "connection \"\(name)\" is used by \(users.joined(separator: ", "))")
    }
    _ = try home.commit([StoreKey.connection, .paused].map { .remove($0.key(name)) })
    try home.withSecrets { (secrets) throws(StoreError) in try secrets.removeAll(of: name) }
  }

  /// The flow connections that use a connection.
  private func users(of connection: String) throws(Problem) -> [String] {
    try flows.connections().filter { $0.parts.contains { $0.connection == connection } }.map(\.name)
  }
}
