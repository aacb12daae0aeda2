import Catalog
import Dispatcher
import FoundationEssentials
import HTTPClient
import Requests
public import Setup
import StepKit
import Store
public import Values

/// The webhook endpoints in an app for the account of a connection.
///
/// One endpoint serves all connections to an account: events belong to the account, whichever connection
/// receives them.
public struct WebhookEndpoints {
  private let registry: Registry
  private let connection: Connection
  private let facts: WebhookEndpointSpec
  private let auth: (username: String, password: String)
  private let caller: APIClient

  /// Creates the endpoints of the account of a connection.
  /// - Throws: A `usage` problem if the app has no API for endpoints.
  public init(registry: Registry, connection name: String) throws(Problem) {
    connection = try registry.connections.get(name)
    guard let webhook = connection.app.webhook, let facts = webhook.endpoints,
      case .basic(let username, let password) = webhook.auth
    else {
      throw Problem(
        .usage,
        connection.app.webhook == nil
          ? "\(connection.app.name) sends no webhooks"
          : "\(connection.app.name) has no API for webhooks; enter the URL there yourself:"
            + " `meterbridge webhook url --connection \(name)` shows it")
    }
    self.registry = registry
    self.facts = facts
    auth = (username, password)
    caller = APIClient(home: registry.home)
  }

  /// An endpoint in the app.
  public struct Endpoint: Sendable, Equatable {
    /// The id in the app.
    public let id: String
    /// The URL.
    public let url: String
    /// Whether the app has disabled it.
    public let isDisabled: Bool
    /// The types of events; empty for all.
    public let events: [String]
    /// Whether it was installed from this home.
    public let isOurs: Bool
    /// Whether its URL ends with the path of a connection to this account; it may still belong to
    /// another home with a connection of that name.
    public let mayLeadHere: Bool
  }

  /// The sorted types of events that start flow connections of this account, also disabled ones.
  public func wanted(onlyByEnabled: Bool = false) throws(Problem) -> [String] {
    var events: Set<String> = []
    for flow in try registry.flows.connections() where flow.isEnabled || !onlyByEnabled {
      guard let first = flow.parts.first,
        try registry.connections.find(first.connection)?.scope == connection.scope
      else { continue }
      events.formUnion(try registry.catalog.step(first.step).events(payload: first.payload))
    }
    return events.sorted()
  }

  /// All endpoints of the account.
  public func all() throws(Problem) -> [Endpoint] {
    var endpoints: [Endpoint] = []
    var query = facts.page.object ?? [:]
    let (paths, installed) = (try paths(), try installed())
    while true {
      let page = try ask(.get, facts.path, query: .object(query))
      endpoints += (page["list"].array ?? []).compactMap {
        endpoint($0[facts.each], paths, installed)
      }
      guard let next = page[facts.next].nonBlank else { return endpoints }
      query[facts.offset] = .string(next)
    }
  }

  /// The types of events that enabled flow connections need and no endpoint here receives.
  public func missing() throws(Problem) -> [String] { try missing(in: all()) }

  /// As ``missing()``, for known endpoints.
  public func missing(in endpoints: [Endpoint]) throws(Problem) -> [String] {
    let sent = endpoints.filter { $0.mayLeadHere && !$0.isDisabled }
    if sent.contains(where: \.events.isEmpty) { return [] }
    return try wanted(onlyByEnabled: true).filter { event in
      !sent.contains { $0.events.contains(event) }
    }
  }

  /// Installs an endpoint in the app, or changes the one with this URL or of this home, and creates a
  /// password for it if the connection has none.
  ///
  /// The app reaches this machine at the URL `base`, with or without `/hooks/…`.
  /// - Throws: A `refused` problem if the account has the maximum of endpoints; `usage` if no event is
  ///   needed; `unavailable`, `temporary` or `refused` if the app does not accept the request.
  public func install(base: String) throws(Problem) -> Endpoint {
    let url = try url(base)
    let events = try wanted()
    guard !events.isEmpty else {
      throw Problem(
        .usage,
        "no flow connection listens to events of \(connection.scope): connect a flow first;"
          + " it determines the events to send")
    }
    let known = try all()
    try forgetOthers(than: known)
    // The endpoint of another connection serves this one too and is changed instead of adding a second
    let old = known.first { $0.url == url } ?? known.first(where: \.isOurs)
    guard old != nil || known.count < facts.most else {
      throw Problem(
        .refused,
        "\(connection.app.name) allows \(facts.most) webhooks, and all are in use: "
          + known.map(\.url).joined(separator: ", ") + "; remove one there")
    }
    let body = try body(url, events, isNew: old == nil)
    let path = old.map { "\(facts.path)/\($0.id.percentEncoded)" } ?? facts.path
    let made = try ask(.post, path, body: body)
    guard let id = made[facts.each]["id"].nonBlank else {
      throw Problem(.unavailable, "\(connection.app.name) did not return the id of the new webhook")
    }
    // After a crash before this commit, the endpoint is found by its URL
    let note: JSON = ["url": .string(url), "events": .array(events.map { .string($0) })]
    _ = try registry.home.commit([.put(key(id), note)])
    guard let endpoint = endpoint(made[facts.each], try paths(), [id.byteKey]) else {
      throw Problem(.unavailable, "\(connection.app.name) did not return the URL of the webhook")
    }
    return endpoint
  }

  /// Removes the endpoints that were installed from this home, and returns them.
  public func uninstall() throws(Problem) -> [Endpoint] {
    let known = try all()
    try forgetOthers(than: known)
    let ours = known.filter(\.isOurs)
    for endpoint in ours {
      let path = facts.removal.filling { $0 == "id" ? endpoint.id.percentEncoded : "" }
      _ = try ask(.post, path)
      _ = try registry.home.commit([.remove(key(endpoint.id))])
    }
    return ours
  }
}

// MARK: - Requests

extension WebhookEndpoints {
  private func ask(
    _ method: HTTPEffect.Method, _ path: String, query: JSON = [:], body: JSON = .null
  ) throws(Problem) -> JSON {
    let app = connection.app.name
    let effect = HTTPEffect(name: "endpoint", method: method, path: path, query: query, body: body)
    switch try caller.send(effect, through: connection, key: nil) {
    case .notSent(let reason): throw Problem(.unavailable, "\(app) does not respond: \(reason)")
    case .inDoubt(let reason):
      throw Problem(
        .temporary,
        "\(app) may or may not have received the request: \(reason); run the command again")
    case .answered(let answer, _):
      if answer.isSuccess { return answer.value }
      let said = answer.value["message"].nonBlank.map { ": \($0.truncated(to: 300))" } ?? ""
      throw Problem(
        answer.isTemporary ? .temporary : .refused, "\(app) answered \(answer.status ?? 0)\(said)")
    }
  }

  private func endpoint(
    _ json: JSON, _ paths: Set<String>, _ installed: Set<[UInt8]>
  ) -> Endpoint? {
    guard let id = json["id"].nonBlank, let url = json[facts.url].nonBlank else { return nil }
    let path = url.split(separator: "/").suffix(2).joined(separator: "/")
    return Endpoint(
      id: id, url: url, isDisabled: json[facts.disabled].bool ?? false,
      events: json[facts.events].array?.compactMap(\.string) ?? [],
      isOurs: installed.contains(id.byteKey), mayLeadHere: paths.contains(path))
  }

  /// The key of an endpoint that was installed from this home.
  private func key(_ id: String) -> String {
    StoreKey.webhook.key("\(connection.scope)/\(id.percentEncoded)")
  }

  /// Removes the records of endpoints that the app no longer has.
  private func forgetOthers(than endpoints: [Endpoint]) throws(Problem) {
    let gone = try installed().subtracting(endpoints.map(\.id.byteKey))
      .map { Change.remove(key(String(decoding: $0, as: UTF8.self))) }
    if !gone.isEmpty { _ = try registry.home.commit(gone) }
  }

  /// The bytes of the ids of the endpoints that were installed from this home.
  private func installed() throws(Problem) -> Set<[UInt8]> {
    Set(try registry.webhooks(of: connection.scope).map(\.id.byteKey))
  }

  /// The ends of the URLs of connections to this account.
  private func paths() throws(Problem) -> Set<String> {
    Set(
      try registry.connections.all().filter { $0.scope == connection.scope }.map {
        "hooks/\($0.name)"
      })
  }

  private func url(_ base: String) throws(Problem) -> String {
    var url = base
    while url.hasSuffix("/") { url.removeLast() }
    if !url.hasSuffix("/hooks/\(connection.name)") { url += "/hooks/\(connection.name)" }
    guard try Connection.origin(ofHook: url).isConfidential else {
      throw Problem(
        .usage, "\(connection.app.name) cannot send webhooks to \"\(base)\": use an https URL")
    }
    return url
  }

  private func body(
    _ url: String, _ events: [String], isNew: Bool
  ) throws(Problem) -> JSON {
    let password = try password()
    let username = connection.known[auth.username].nonBlank ?? WebhookLock.defaultUsername
    var body: [String: JSON] = [:]
    for (name, value) in facts.body.object ?? [:] where isNew || !facts.onlyAtFirst.contains(name) {
      switch value {
      case "{events}": body[name] = .array(events.map { .string($0) })
      case "{url}": body[name] = .string(url)
      case "{username}": body[name] = .string(username)
      case "{password}": body[name] = .string(password)
      default:
        body[name] = value.string.map { .string(connection.filled($0).truncated(to: 50)) } ?? value
      }
    }
    return .object(body)
  }

  /// The password of the connection's webhooks, which is created if it has none.
  private func password() throws(Problem) -> String {
    if let known = try registry.home.secret(auth.password, of: connection.name) {
      return known.reveal()
    }
    var random = SystemRandomNumberGenerator()
    let bytes = (0..<24).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    let made = Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
    try registry.home.keep(Secret(made), auth.password, of: connection.name)
    return made
  }
}
