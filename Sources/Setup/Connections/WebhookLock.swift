import Catalog
import HTTPTypes
import StepKit
import Store
public import Values

/// What a webhook must show to come from a connection.
///
/// Every lock, also the one of connections that do not exist, compares user name, password, former
/// password and secret of the path, so that the time of an answer does not tell which connections there are,
/// nor what they want.
public struct WebhookLock: Sendable {
  /// The user name of webhooks unless the connection sets one.
  public static let defaultUsername = "meterbridge"
  /// The lock that nothing opens.
  public static let none = WebhookLock()

  private enum Way { case none, basic, path }

  /// A secret with the one before, which is valid for some time.
  private struct Key {
    var current: String?
    var former: FormerSecret?

    func fits(_ given: String, at now: Timestamp) -> Bool {
      let before = former?.secret(at: now)
      let isCurrent = Constant.areEqual(given, current ?? WebhookLock.nothing)
      let isFormer = Constant.areEqual(given, before ?? WebhookLock.nothing)
      return (current != nil && isCurrent) || (before != nil && isFormer)
    }
  }

  private var way = Way.none
  private var username = defaultUsername
  private var password = Key()
  private var secret = Key()
  /// The last header that was right; with a former secret none is remembered beyond its time.
  private var knownHeader: String?

  private init() {}

  /// The lock of a connection, with the secrets in its home.
  ///
  /// - Throws: A `configuration` problem if a secret does not open with the key of the home.
  public init(of connection: Connection, in home: Home) throws(Problem) {
    func key(_ setting: String) throws(Problem) -> Key {
      let former = try home.secret(FormerSecret.name(of: setting), of: connection.name)
      let current = try home.secret(setting, of: connection.name)?.reveal()
      return Key(
        current: current?.isEmpty == false ? current : nil,
        former: former.flatMap { FormerSecret($0.reveal()) })
    }
    switch connection.app.webhook?.auth {
    case .basic(let name, let setting)?:
      way = .basic
      username = connection.known[name].nonBlank ?? username
      password = try key(setting)
    case .path(let setting)?:
      way = .path
      secret = try key(setting)
    case .internal?, nil: break
    }
  }

  /// Whether it is the lock of a connection that takes webhooks.
  public var isOfConnection: Bool { way != .none }

  /// Whether a request with this `Authorization` header and this end of its path opens it.
  public mutating func opens(header: String, path: String?, at now: Timestamp) -> Bool {
    let isKnown = Constant.areEqual(header, knownHeader ?? Self.nothing)
    if knownHeader != nil, isKnown { return path == nil }
    let pair = BasicCredentials(header: header)
    let isUser = Constant.areEqual(pair?.name ?? "", username)
    let isPassword = password.fits(pair?.password ?? "", at: now)
    let isSecret = secret.fits(path ?? "", at: now)
    switch way {
    case .none: return false
    case .path: return isSecret
    case .basic:
      guard pair != nil, isUser, isPassword, path == nil else { return false }
      if password.former?.secret(at: now) == nil { knownHeader = header }
      return true
    }
  }

  /// What is compared where there is no secret.
  private static let nothing = String(repeating: "x", count: 24)
}
