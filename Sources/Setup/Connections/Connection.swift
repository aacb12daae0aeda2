public import Catalog
public import HTTPClient
public import StepKit
public import Values

/// A named instance of an app, the "app link": its settings; its secrets are kept elsewhere.
public struct Connection: Sendable {
  /// The name that the user gave it.
  public let name: String
  /// The app that it is an instance of.
  public let app: App
  /// The settings that are no secrets, by name.
  public let settings: JSON

  /// The account behind the connection, such as `chargebee:acme`: connections to one account share
  /// its customers, its webhooks and its order.
  public private(set) var scope = ""

  /// All settings that a step may know, with what counts where nothing was set.
  public private(set) var known = JSON.null

  /// Makes one of its parts.
  public init(name: String, app: App, settings: JSON) {
    self.name = name
    self.app = app
    self.settings = settings
    scope = filled(app.scope)
    known = allSettings()
  }

  private func allSettings() -> JSON {
    var known = settings.object ?? [:]
    for setting in app.settings where !setting.isSecret && known[setting.name] == nil {
      guard !setting.standard.isNull else { continue }
      known[setting.name] = setting.standard.string.map { .string(filled($0)) } ?? setting.standard
    }
    for setting in app.settings where setting.form == .timeZone {
      let rules = known[setting.name]?.nonBlank.flatMap {
        TimeZoneRules(of: $0, around: WallClock.system.now())
      }
      if let rules { known["\(setting.name)Rules"] = rules.json }
    }
    return .object(known)
  }

  /// A template with each `{name}` replaced by that setting, or by what counts in its place.
  public func filled(_ template: String, secret: (String) -> String? = { _ in nil }) -> String {
    template.filling { name in
      if name == App.connectionTemplate { return self.name }
      if let value = settings[name].nonBlank ?? secret(name) { return value }
      let standard = app.setting(name)?.standard.nonBlank
      return standard.map { $0 == "{\(name)}" ? "" : filled($0, secret: secret) } ?? ""
    }
  }
}

extension Connection {
  /// The name of the setting that puts another server in the app's place.
  static let overrideName = "baseUrl"
  /// The name of the setting that says how often its app may be asked in a minute.
  static let rateName = "requestsPerMinute"
  /// The name of the setting by which a user says that this server may be anywhere.
  static let trustName = "trustBaseUrl"

  /// The settings that a connection to any app has, beside those of the app.
  public static let common = [
    Setting(
      name: overrideName, label: "Base URL",
      help: "Another server in the app's place: on this machine, such as one of those that"
        + " `meterbridge sandbox` names, or with --trust-base-url elsewhere.",
      example: "http://127.0.0.1:8790/v2", form: .text),
    Setting(
      name: rateName, label: "Requests per minute",
      help: "How often the account may be asked, where it is not what the app allows.",
      example: "150", form: .number),
  ]

  /// How often its account may be asked: what the user says, else what the app's facts say; a server
  /// in the app's place has no limit unless the user says so.
  public var limit: RateLimit? {
    settings[Self.rateName].int.map { RateLimit(requests: $0, seconds: 60) }
      ?? (settings[Self.overrideName].isNull ? app.http.limit : nil)
  }

  /// The URL that all paths are below, without a slash at its end; on another server of the app's
  /// where the app names one.
  public func baseURL(on server: String? = nil) throws(Problem) -> String {
    let override = try override()
    if let override, app.http.oauth2 == nil { return override }
    let key = app.http.baseBy.map { filled("{\($0)}") } ?? ""
    guard let template = app.http.bases[key] else {
      throw Problem(
        .configuration, "connection \(name): \(app.name) has no base URL for \"\(key)\"")
    }
    let base = filled(template)
    guard let server else { return override.map { Self.moved(base, to: $0) } ?? base }
    let isTrusted = override == nil || settings[Self.trustName].bool == true
    let checked = try Self.checked(server, isTrusted: isTrusted)
    guard override != nil || Origin(strict: checked)?.scheme == "https" else {
      throw Problem(
        .refused, "connection \(name): the server \(server.truncated(to: 100)) is not https")
    }
    return Self.moved(base, to: checked)
  }

  /// A URL of the app's that is not below its base, on the server that is in the app's place.
  public func url(_ template: String) throws(Problem) -> String {
    let url = filled(template)
    return try override().map { Self.moved(url, to: $0) } ?? url
  }

  private func override() throws(Problem) -> String? {
    guard let override = settings[Self.overrideName].nonBlank else { return nil }
    return try Self.checked(override, isTrusted: settings[Self.trustName].bool ?? false)
  }

  /// The path of a URL on another server.
  private static func moved(_ url: String, to server: String) -> String {
    "\(server)\(Origin(strict: url).map { url.dropFirst($0.text.count) } ?? "")"
  }

  /// The query of a request, with what every request to the app has in it.
  public func query(_ effect: HTTPEffect) -> JSON {
    let common = (app.http.query.object ?? [:]).mapValues { value in
      value.string.map { JSON.string(filled($0)) } ?? value
    }
    return .object(common.merging(effect.query.object ?? [:]) { _, own in own })
  }

  /// A base URL that a user gave: on this machine, unless the user says otherwise in so many words.
  ///
  /// It gets the connection's key, and whoever can set it could have the key sent to himself.
  static func checked(_ url: String, isTrusted: Bool) throws(Problem) -> String {
    guard let origin = Origin(strict: url), !url.contains("?"), !url.contains("#") else {
      throw Problem(
        .usage, "\(overrideName) \"\(url)\" is not a URL such as http://127.0.0.1:8788/togai")
    }
    guard isTrusted || origin.isLoopback else {
      throw Problem(
        .refused,
        "\(overrideName) \"\(url)\" is not on this machine, and would be sent the connection's key;"
          + " say --trust-base-url if that is what you want")
    }
    return String(url.reversed().drop { $0 == "/" }.reversed())
  }

  /// The origin of a URL to which an app sends webhooks.
  public static func origin(ofHook url: String) throws(Problem) -> Origin {
    guard let origin = Origin(strict: url), !url.utf8.contains(where: "?#@".utf8.contains) else {
      throw Problem(.usage, "\"\(url)\" is no URL such as https://hooks.example.com")
    }
    return origin
  }
}

extension Connection {
  /// The connection as it is kept and shown: no secret is in it.
  public var json: JSON {
    ["name": .string(name), "app": .string(app.id), "settings": settings]
  }
}
