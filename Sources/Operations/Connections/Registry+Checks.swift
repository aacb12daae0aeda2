import Catalog
import Dispatcher
public import Setup
import StepKit
import Store
public import Values

extension Registry {
  /// Tries a connection's key with one harmless read; a sentence of what was found.
  ///
  /// - Throws: `refused` where the app refuses the key, `unavailable` where it does not answer.
  public func test(_ name: String, clock: WallClock = .system) throws(Problem) -> String {
    let connection = try connections.get(name)
    guard let test = connection.app.test else {
      throw Problem(.configuration, "\(connection.app.name) has no read to try a key with")
    }
    switch try APIClient(home: home, clock: clock).send(test, through: connection, key: nil) {
    case .notSent(let reason), .inDoubt(let reason):
      throw Problem(.unavailable, "\(connection.app.name) does not answer: \(reason)")
    case .answered(let answer, _):
      let status = answer.status ?? 0
      let said = answer.value["message"].nonBlank.map { ": \($0)" } ?? ""
      if answer.isSuccess {
        let isResumed = try Pauses(home: home).resume(name)
        return "\(connection.app.name) knows the key of \(name)"
          + (isResumed ? "; its runs go on" : "")
      }
      if answer.isTemporary {
        throw Problem(
          .temporary, "\(connection.app.name) answered \(status)\(said); try again later")
      }
      if let reason = answer.refusalOfKey(of: connection) {
        try Pauses(home: home).pause(name, reason, at: clock.now())
      }
      throw Problem(
        .refused,
        "\(connection.app.name) answered \(status)\(said); is the key right, and may it"
          + " read?")
    }
  }

  /// Where an app must send a connection's webhooks, with the secret where it is a part of the URL.
  public func webhookURL(of connection: Connection, base: String) throws(Problem) -> String {
    guard let facts = connection.app.webhook else {
      throw Problem(.usage, "\(connection.app.name) sends no webhooks")
    }
    _ = try Connection.origin(ofHook: base)
    let url = "\(base.hasSuffix("/") ? String(base.dropLast()) : base)/hooks/\(connection.name)"
    let setting =
      switch facts.auth {
      case .basic(_, let password): password
      case .path(let secret): secret
      }
    guard let secret = try secret(setting, of: connection) else {
      throw Problem(
        .configuration,
        "connection \"\(connection.name)\" has no \(setting), and without one it"
          + " takes no webhooks: `meterbridge connection set \(connection.name) --secret"
          + " \(setting)=@FILE` gives it one")
    }
    if case .basic = facts.auth { return url }
    return "\(url)/\(secret.reveal().percentEncoded)"
  }

  /// A webhook that was installed from here, as it was told then.
  public struct InstalledWebhook: Sendable {
    /// Its id in the app.
    public let id: String
    /// Where it leads.
    public let url: String
    /// The types of events that it sends.
    public let events: [String]
  }

  /// The webhooks of an account that were installed from here.
  public func webhooks(of scope: String) throws(Problem) -> [InstalledWebhook] {
    try home.documents(below: StoreKey.webhook.key("\(scope)/")).compactMap { record in
      let name = record.key.split(separator: "/").last.flatMap { String($0).percentDecoded }
      return name.map {
        InstalledWebhook(
          id: $0, url: record.document["url"].string ?? "",
          events: record.document["events"].array?.compactMap(\.string) ?? [])
      }
    }
  }

  /// The first secret that a connection must have and has not, as after a restore.
  func missingSecret(of connection: Connection) throws(Problem) -> String? {
    let names = try connections.secretNames(of: connection)
    return connection.app.settings.first { setting in
      setting.isSecret && !setting.isOptional && !names.contains(setting.name)
    }?.name
  }

  private func secret(_ name: String, of connection: Connection) throws(Problem) -> Secret? {
    do throws(StoreError) {
      return try home.secrets.get(name, of: connection.name)
    } catch {
      throw Problem(error)
    }
  }
}
