import Catalog
import Dispatcher
import Requests
public import Setup
import StepKit
import Store
public import Values

extension Registry {
  /// Tests the key of a connection with one harmless read, and returns a sentence about the result.
  ///
  /// - Throws: A `refused` problem if the app refuses the key; `unavailable` or `temporary` if it does
  ///   not answer.
  public func test(_ name: String, clock: WallClock = .system) throws(Problem) -> String {
    let connection = try connections.get(name)
    guard let outcome = try APIClient(home: home, clock: clock).test(connection) else {
      throw Problem(
        .configuration, "\(connection.app.name) declares no request to check a key with")
    }
    switch outcome {
    case .notSent(let reason), .inDoubt(let reason):
      throw Problem(.unavailable, "\(connection.app.name) does not respond: \(reason)")
    case .answered(let answer, _):
      let status = answer.status ?? 0
      let said = answer.value["message"].nonBlank.map { ": \($0)" } ?? ""
      if answer.isSuccess {
        let isResumed = try Pauses(home: home).resume(name)
        return "\(connection.app.name) accepts the key of \(name)"
          + (isResumed ? "; its runs go on" : "")
      }
      if answer.isTemporary {
        throw Problem(
          .temporary, "\(connection.app.name) answered \(status)\(said); try again later")
      }
      if let reason = answer.refusalOfKey(of: connection) {
        try Pauses(home: home).pause(name, reason, at: clock.now())
      }
      throw Self.refusal(answer, of: connection)
    }
  }

  /// The problem if an app refuses the read that tries a key.
  static func refusal(_ answer: Answer, of connection: Connection) -> Problem {
    let said = answer.value["message"].nonBlank.map { ": \($0)" } ?? ""
    return Problem(
      .refused,
      "\(connection.app.name) answered \(answer.status ?? 0)\(said); is the key right, and may it"
        + " read?")
  }

  /// Pauses a connection for a person: its events are accepted, its runs wait, and nothing is sent to the app.
  ///
  /// - Throws: A `noInput` problem if there is no such connection.
  public func pause(
    connection name: String, by person: String, _ reason: String?, clock: WallClock = .system
  ) throws(Problem) {
    let connection = try connections.get(name)
    try Pauses(home: home).pause(connection.name, by: person, reason, at: clock.now())
  }

  /// Ends the pause of a connection.
  ///
  /// - Throws: A `noInput` problem if there is no such connection, or it is not paused.
  public func resume(connection name: String) throws(Problem) {
    try Pauses(home: home).end(connections.get(name).name)
  }

  /// Where an app must send a connection's webhooks, with the secret where it is a part of the URL.
  public func webhookURL(of connection: Connection, base: String) throws(Problem) -> String {
    guard let facts = connection.app.webhook, !connection.app.isBuiltIn else {
      throw Problem(.usage, "\(connection.app.name) sends no webhooks")
    }
    _ = try Connection.origin(ofHook: base)
    let url = "\(base.hasSuffix("/") ? String(base.dropLast()) : base)/hooks/\(connection.name)"
    let setting =
      switch facts.auth {
      case .basic(_, let password): password
      case .path(let secret): secret
      case .internal: ""
      }
    guard let secret = try home.secret(setting, of: connection.name) else {
      throw Problem(
        .configuration,
        "connection \"\(connection.name)\" has no \(setting), which webhooks"
          + " require: set it with `meterbridge connection set \(connection.name) --secret"
          + " \(setting)=@FILE`")
    }
    if case .basic = facts.auth { return url }
    return "\(url)/\(secret.reveal().percentEncoded)"
  }

  /// A webhook endpoint that was installed from this home.
  public struct InstalledWebhook: Sendable {
    /// The id in the app.
    public let id: String
    /// The URL.
    public let url: String
    /// The types of events.
    public let events: [String]
  }

  /// The webhook endpoints of an account that were installed from this home.
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

  /// The first required secret that a connection lacks, for instance after a restore.
  func missingSecret(of connection: Connection) throws(Problem) -> String? {
    let names = try connections.secretNames(of: connection)
    return connection.app.settings.first { setting in
      setting.isSecret && !setting.isOptional && !names.contains(setting.name)
    }?.name
  }
}
