import StepKit
public import Store
public import Values

/// The connections, private flows and flow connections of a home.
public struct Registry: Sendable {
  /// Where they are kept.
  public let home: Home
  /// The apps, steps and public flows there are.
  public let catalog: Catalog
  private let readConnections = Reading<Connection>()
  let readFlowConnections = Reading<FlowConnection>()
  let readAllFlowConnections = Reading<[FlowConnection]>()

  /// The registry of a home.
  public init(home: Home, catalog: Catalog) {
    self.home = home
    self.catalog = catalog
  }
}

// MARK: - Connections

extension Registry {
  /// All connections, by name.
  public func connections() throws(Problem) -> [Connection] {
    try home.documents(below: "connection/").map { (record) throws(Problem) in
      try connection(of: record.document)
    }
  }

  /// The connection of that name, or nil.
  public func findConnection(_ name: String) throws(Problem) -> Connection? {
    guard Self.isName(name) else { return nil }
    return try readConnections.value(at: "connection/\(name)", in: home) {
      (document) throws(Problem) in try connection(of: document)
    }
  }

  /// The connection of that name.
  public func connection(_ name: String) throws(Problem) -> Connection {
    guard let connection = try findConnection(name) else {
      throw Problem(
        .noInput, "there is no connection \"\(name)\"; `meterbridge connection list` shows them")
    }
    return connection
  }

  private func connection(of document: JSON) throws(Problem) -> Connection {
    let facts = Facts(document, of: "connection \(document["name"].string ?? "?")")
    return Connection(
      name: try facts.text("name"), app: try catalog.app(facts.text("app")),
      settings: document["settings"])
  }

  /// The connection that these settings and secrets would make; what is missing, unknown or malformed
  /// is refused by name.
  @discardableResult
  public static func checked(
    connection name: String, _ app: App, settings: [String: String], secrets: [String: Secret],
    trustsBaseURL: Bool = false
  ) throws(Problem) -> Connection {
    try check(name, "connection")
    let values = try values(settings, app, trustsBaseURL: trustsBaseURL)
    try check(values, Set(secrets.keys), app)
    try check(secrets, app)
    let connection = Connection(name: name, app: app, settings: .object(values))
    try connection.checkReach()
    try connection.check(signing: secrets)
    return connection
  }

  /// Adds a connection with its secrets; the name must be new, and what
  /// it is told right.
  public func add(
    connection name: String, app id: String, settings: [String: String],
    secrets: [String: Secret], trustsBaseURL: Bool = false
  ) throws(Problem) -> Connection {
    let connection = try Self.checked(
      connection: name, catalog.app(id), settings: settings, secrets: secrets,
      trustsBaseURL: trustsBaseURL)
    guard try findConnection(name) == nil else { throw Self.taken(name) }
    try keep(granted(secrets, to: connection), of: name)
    let key = "connection/\(name)"
    guard try home.commit([.put(key, connection.json)], if: [.absent(key)]) else {
      throw Self.taken(name)
    }
    return connection
  }

  /// Changes settings and secrets of a connection, and takes settings away; what is not named stays.
  ///
  /// A connection that is in use stays with its account.
  public func change(
    connection name: String, settings: [String: String], secrets: [String: Secret],
    removing: Set<String> = [], trustsBaseURL: Bool = false
  ) throws(Problem) -> Connection {
    let old = try connection(name)
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
    let changed = try Self.values(settings, old.app, trustsBaseURL: trustsBaseURL)
    let values = (old.settings.object ?? [:]).filter { !removing.contains($0.key) }
      .merging(changed) { $1 }
    let settable = known.filter { old.app.setting($0) != nil && !removing.contains($0) }
    try Self.check(values, Set(secrets.keys).union(settable), old.app)
    try Self.check(secrets, old.app)
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
    try keep(granted(secrets, to: connection), of: name)
    _ = try home.commit([.put("connection/\(name)", connection.json)])
    do throws(StoreError) {
      for setting in removing where known.contains(setting) {
        try home.secrets.remove(setting, of: name)
      }
    } catch {
      throw Problem(error)
    }
    return connection
  }

  /// Which of its secrets a connection has, by name.
  public func secretNames(of connection: Connection) throws(Problem) -> [String] {
    do throws(StoreError) {
      let names = try home.secrets.names(of: connection.name)
      return names.filter { connection.app.setting($0) != nil }.sorted()
    } catch {
      throw Problem(error)
    }
  }

  private func keep(_ secrets: [String: Secret], of connection: String) throws(Problem) {
    do throws(StoreError) {
      for (name, secret) in secrets { try home.secrets.put(secret, name, of: connection) }
    } catch {
      throw Problem(error)
    }
  }

  private static func values(
    _ settings: [String: String], _ app: App, trustsBaseURL: Bool
  ) throws(Problem) -> [String: JSON] {
    var values: [String: JSON] = [:]
    for (key, typed) in settings {
      values[key] = try value(of: typed, key, app, trustsBaseURL: trustsBaseURL)
    }
    if trustsBaseURL { values[Connection.trustName] = true }
    return values
  }

  private static func taken(_ name: String) -> Problem {
    Problem(.cannotCreate, "there is a connection \"\(name)\" already; choose another name")
  }

  private static func value(
    of typed: String, _ key: String, _ app: App, trustsBaseURL: Bool
  ) throws(Problem) -> JSON {
    if key == Connection.overrideName {
      return .string(try Connection.checked(typed, isTrusted: trustsBaseURL))
    }
    if key == Connection.rateName {
      guard let rate = Int(typed), (1...1_000_000).contains(rate) else {
        throw Problem(.usage, "\(key) \"\(typed)\" is not a number of requests")
      }
      return .number(Numeral(rate))
    }
    guard let setting = app.setting(key) else {
      let names = app.settings.filter { !$0.isSecret }.map(\.name) + Connection.common.map(\.name)
      throw Problem(
        .usage, "\(app.name) has no setting \"\(key)\"; it has \(names.joined(separator: ", "))")
    }
    guard !setting.isSecret else {
      throw Problem(
        .usage, "\(key) is a secret: give it as --secret \(key)=@FILE or --secret \(key)=-")
    }
    return try setting.value(of: typed)
  }

  private static func check(
    _ values: [String: JSON], _ secrets: Set<String>, _ app: App
  ) throws(Problem) {
    for key in secrets.sorted() where app.setting(key)?.isSecret != true {
      throw Problem(.usage, "\(app.name) has no secret \"\(key)\"")
    }
    for setting in app.settings where !setting.isOptional {
      guard values[setting.name] != nil || secrets.contains(setting.name) else {
        let how = setting.isSecret ? "--secret \(setting.name)=@FILE" : "--set \(setting.name)=…"
        throw Problem(.usage, "\(app.name) needs its \(setting.label): \(how)")
      }
    }
  }

  /// Refuses secrets that are not of the form that they must have.
  private static func check(_ secrets: [String: Secret], _ app: App) throws(Problem) {
    for (name, secret) in secrets.sorted(by: { $0.key < $1.key }) {
      _ = try app.setting(name)?.value(of: secret.reveal())
    }
  }

  /// Removes a connection and its secrets; refused while a flow connection uses it.
  public func remove(connection name: String) throws(Problem) {
    _ = try connection(name)
    let users = try users(of: name)
    guard users.isEmpty else {
      throw Problem(.refused, "connection \"\(name)\" is used by \(users.joined(separator: ", "))")
    }
    _ = try home.commit([.remove("connection/\(name)"), .remove(Pauses.key(name))])
    do throws(StoreError) { try home.secrets.removeAll(of: name) } catch { throw Problem(error) }
  }

  /// The flow connections that a connection is used by.
  private func users(of connection: String) throws(Problem) -> [String] {
    try flowConnections().filter { $0.parts.contains { $0.connection == connection } }.map(\.name)
  }

  /// Refuses a name that could not stand in a URL, a key and a file's name alike.
  static func check(_ name: String, _ what: String) throws(Problem) {
    guard isName(name) else {
      throw Problem(
        .usage,
        "\"\(name)\" cannot name a \(what): 1 to 64 letters, digits, dots, hyphens or underscores,"
          + " the first a letter or digit")
    }
  }

  private static func isName(_ name: String) -> Bool {
    let isFirstGood = name.utf8.first.map { isLetter($0) } ?? false
    return isFirstGood && name.utf8.count <= 64
      && name.utf8.allSatisfy { isLetter($0) || "-_.".utf8.contains($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
