public import Catalog
public import HTTPClient
public import StepKit
public import Values

/// A connection to an app, the "app link": a name and settings; its secrets are stored apart.
public struct Connection: Sendable {
  /// The name, chosen by the user.
  public let name: String
  /// The app.
  public let app: App
  /// The settings by name, without secrets.
  public let settings: JSON

  /// The account behind the connection, such as `chargebee:acme`.
  ///
  /// Connections to one account share links, webhooks and lanes.
  public private(set) var scope = ""

  /// The settings that steps see, with defaults for those that are not set.
  public private(set) var known = JSON.null

  /// Creates a connection.
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

  /// A template with each `{name}` replaced by the value or the default of that setting.
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
  /// The setting that replaces the app's server.
  static let overrideName = "baseUrl"
  /// The setting that limits the requests per minute.
  static let rateName = "requestsPerMinute"
  /// The setting that says for how long the account may be silent.
  static let silenceName = "silence"
  /// The setting that allows a server elsewhere than on this machine.
  static let trustName = "trustBaseUrl"
  /// The name of the setting that allows a server elsewhere.
  public static var trust: String { trustName }

  /// The settings of a connection to any app, beside those of the app.
  public static let common = [
    Setting(
      name: overrideName, label: "Base URL",
      help:
        "A server to use instead of the app's own, such as one of `meterbridge sandbox`. It must"
        + " be on loopback; --trust-base-url allows another host.",
      example: "http://127.0.0.1:8790/v2", form: .text),
    Setting(
      name: rateName, label: "Requests per minute",
      help: "The rate limit of the account, if it differs from the app's default.",
      example: "150", form: .number),
    Setting(
      name: silenceName, label: "Silence",
      help:
        "For how long the account may send no webhook before it needs attention, or off; without it, what"
        + " `setting set silence` says.",
      example: "12h", form: .text, pattern: "off|[1-9][0-9]{0,5}[smhd]"),
  ]

  /// The rate limit of the account: the user's, or that of the app; a replaced server has none of its
  /// own.
  public var limit: RateLimit? {
    settings[Self.rateName].int.map { RateLimit(requests: $0, seconds: 60) }
      ?? (settings[Self.overrideName].isNull ? app.http.limit : nil)
  }

  /// For how many seconds the account may send no webhook before that needs attention; nil if it does
  /// not, and the limit of the home where the connection has none of its own.
  public func silence(else home: Int?) -> Int? {
    settings[Self.silenceName].string.map(Age.seconds) ?? home
  }

  /// The URL to which paths are appended, without a trailing slash, on the server that the app named in
  /// an answer, if it did.
  ///
  /// - Throws: A `refused` problem if the key must not be sent there; `usage` or `configuration` if the
  ///   URL is malformed or unknown.
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
        .refused, "connection \(name): the server \(server.truncated(to: 100)) does not use https")
    }
    return Self.moved(base, to: checked)
  }

  /// A URL of the app that is not below the base URL, moved to the server that replaces the app's.
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

  /// The query of a request, with the parameters of every request to the app.
  public func query(_ effect: HTTPEffect) -> JSON {
    let common = (app.http.query.object ?? [:]).mapValues { value in
      value.string.map { JSON.string(filled($0)) } ?? value
    }
    return .object(common.merging(effect.query.object ?? [:]) { _, own in own })
  }

  /// A base URL that a user gave, without trailing slashes.
  ///
  /// The key is sent there, so anyone who can change the URL could obtain the key: unless the user trusts
  /// the URL explicitly, it must point to this machine.
  static func checked(_ url: String, isTrusted: Bool) throws(Problem) -> String {
    guard let origin = Origin(strict: url), !url.contains("?"), !url.contains("#") else {
      throw Problem(
        .usage, "\(overrideName) \"\(url)\" is not a URL such as http://127.0.0.1:8788/togai")
    }
    guard origin.isConfidential else {
      throw Problem(
        .refused,
        "\(overrideName) \"\(url)\" is not https, and everyone on the way would see the connection's key"
      )
    }
    guard isTrusted || origin.isLoopback else {
      throw Problem(
        .refused,
        "\(overrideName) \"\(url)\" must be on loopback, because the connection's key is sent there;"
          + " pass --trust-base-url to allow another host")
    }
    return String(url.reversed().drop { $0 == "/" }.reversed())
  }

  /// The origin of a URL to which an app sends webhooks.
  /// - Throws: A `usage` problem if it is malformed.
  public static func origin(ofHook url: String) throws(Problem) -> Origin {
    guard let origin = Origin(strict: url), !url.utf8.contains(where: "?#@".utf8.contains) else {
      throw Problem(.usage, "\"\(url)\" is not a URL such as https://hooks.example.com")
    }
    return origin
  }
}

extension Connection {
  /// The connection as it is stored and shown, without secrets.
  public var json: JSON {
    ["name": .string(name), "app": .string(app.id), "settings": settings]
  }
}
