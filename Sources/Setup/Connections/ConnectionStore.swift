public import Catalog
import StepKit
public import Store
public import Values

/// The connections of a home, and their secrets.
public struct ConnectionStore: Sendable {
  let home: Home
  let catalog: AppCatalog
  private let cache = VersionedCache<Connection>()

  /// Creates the store of a home.
  public init(home: Home, catalog: AppCatalog) {
    self.home = home
    self.catalog = catalog
  }
}

extension ConnectionStore {
  /// All connections, ordered by name.
  public func all() throws(Problem) -> [Connection] {
    try home.documents(below: StoreKey.connection.prefix).map { (record) throws(Problem) in
      try connection(of: record.document)
    }
  }

  /// The connection of that name, or nil; the built-in app has one under its own id.
  public func find(_ name: String) throws(Problem) -> Connection? {
    guard Self.isName(name) else { return nil }
    let key = StoreKey.connection.key(name)
    return try cache.value(at: key, in: home) { () throws(Problem) in
      try home.document(at: key).map { (document) throws(Problem) in
        try connection(of: document)
      } ?? builtIn(name)
    }
  }

  /// The connection to Meterbridge itself.
  ///
  /// - Throws: A `configuration` problem if no app is built in.
  public func builtIn() throws(Problem) -> Connection {
    guard let app = catalog.apps.values.first(where: \.isBuiltIn) else {
      throw Problem(.configuration, "no app of this installation is Meterbridge itself")
    }
    return try get(app.id)
  }

  private func builtIn(_ name: String) -> Connection? {
    catalog.apps[name].flatMap {
      $0.isBuiltIn ? Connection(name: name, app: $0, settings: [:]) : nil
    }
  }

  /// The connections to an app, ordered by name.
  func all(of app: String) throws(Problem) -> [Connection] {
    try all().filter { $0.app.id == app } + [builtIn(app)].compactMap(\.self)
  }

  /// The connection of that name.
  public func get(_ name: String) throws(Problem) -> Connection {
    guard let connection = try find(name) else {
      throw Problem(
        .noInput, "there is no connection \"\(name)\"; `meterbridge connection list` shows them")
    }
    return connection
  }

  private func connection(of document: JSON) throws(Problem) -> Connection {
    let facts = ObjectReader(document, of: "connection \(document["name"].string ?? "?")")
    return Connection(
      name: try facts.text("name"), app: try catalog.app(facts.text("app")),
      settings: document["settings"])
  }

  /// The connection that settings and secrets describe.
  /// - Throws: A `usage` or `refused` problem that names what is missing, unknown or malformed.
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
    try connection.check(keys: secrets)
    return connection
  }

  /// The names of the secrets that a connection has, sorted.
  public func secretNames(of connection: Connection) throws(Problem) -> [String] {
    let names = try home.withSecrets { (secrets) throws(StoreError) in
      try secrets.names(of: connection.name)
    }
    return names.filter { connection.app.setting($0) != nil }.sorted()
  }

  func keep(_ secrets: [String: Secret], of connection: String) throws(Problem) {
    for (name, secret) in secrets { try home.keep(secret, name, of: connection) }
  }

  static func values(
    _ settings: [String: String], _ app: App, trustsBaseURL: Bool
  ) throws(Problem) -> [String: JSON] {
    var values: [String: JSON] = [:]
    for (key, typed) in settings {
      values[key] = try value(of: typed, key, app, trustsBaseURL: trustsBaseURL)
    }
    if trustsBaseURL { values[Connection.trustName] = true }
    return values
  }

  static func taken(_ name: String) -> Problem {
    Problem(.cannotCreate, "connection \"\(name)\" already exists; choose another name")
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
    let common = Connection.common.first { $0.name == key }
    guard let setting = app.setting(key) ?? common else {
      let names = app.settings.filter { !$0.isSecret }.map(\.name) + Connection.common.map(\.name)
      throw Problem(
        .usage, "\(app.name) has no setting \"\(key)\"; it has \(names.joined(separator: ", "))")
    }
    guard !setting.isSecret else {
      throw Problem(
        .usage,
        "\(key) is a secret: pass --secret \(key)=@FILE, or --secret \(key)=- for standard input")
    }
    return try setting.value(of: typed)
  }

  static func check(
    _ values: [String: JSON], _ secrets: Set<String>, _ app: App
  ) throws(Problem) {
    for key in secrets.sorted() where app.setting(key)?.isSecret != true {
      throw Problem(.usage, "\(app.name) has no secret \"\(key)\"")
    }
    for setting in app.settings where !setting.isOptional {
      guard values[setting.name] != nil || secrets.contains(setting.name) else {
        let how = setting.isSecret ? "--secret \(setting.name)=@FILE" : "--set \(setting.name)=…"
        throw Problem(.usage, "\(app.name) requires \(setting.label): pass \(how)")
      }
    }
    try checkWay(Set(values.keys).union(secrets), app)
  }

  /// Refuses malformed secrets.
  static func check(_ secrets: [String: Secret], _ app: App) throws(Problem) {
    for (name, secret) in secrets.sorted(by: { $0.key < $1.key }) {
      _ = try app.setting(name)?.value(of: secret.reveal())
    }
  }

  /// Refuses a name that cannot be part of a URL, a key and a file name.
  static func check(_ name: String, _ what: String) throws(Problem) {
    guard isName(name) else {
      throw Problem(
        .usage,
        "\"\(name)\" is not a valid name of a \(what): use 1 to 64 letters, digits, dots, hyphens or"
          + " underscores, beginning with a letter or digit")
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
