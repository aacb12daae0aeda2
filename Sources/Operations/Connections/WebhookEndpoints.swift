import Catalog
import Dispatcher
import FoundationEssentials
import HTTPClient
public import Setup
import StepKit
import Store
public import Values

/// Where an app sends the webhooks of a connection's account, as the app itself has it.
///
/// One endpoint serves all connections to an account: events are taken for the account, whichever
/// connection they come in by.
public struct WebhookEndpoints {
  private let registry: Registry
  private let connection: Connection
  private let facts: WebhookEndpointSpec
  private let auth: (username: String, password: String)
  private let caller: APIClient

  /// The endpoints of the account behind a connection; refused where its app cannot be told.
  public init(registry: Registry, connection name: String) throws(Problem) {
    connection = try registry.connections.get(name)
    guard let webhook = connection.app.webhook, let facts = webhook.endpoints,
      case .basic(let username, let password) = webhook.auth
    else {
      throw Problem(
        .usage,
        connection.app.webhook == nil
          ? "\(connection.app.name) sends no webhooks"
          : "\(connection.app.name) has no API for its webhooks, which a person sets up there:"
            + " `meterbridge webhook url --connection \(name)` says what to enter")
    }
    self.registry = registry
    self.facts = facts
    auth = (username, password)
    caller = APIClient(home: registry.home)
  }

  /// An endpoint, as the app has it.
  public struct Endpoint: Sendable, Equatable {
    /// Its id in the app.
    public let id: String
    /// Where the webhooks go.
    public let url: String
    /// Whether the app sends nothing there for the time being.
    public let isDisabled: Bool
    /// The types of events that are sent; empty where the app sends all.
    public let events: [String]
    /// Whether it was installed from this home.
    public let isOurs: Bool
    /// Whether its URL ends as those of connections to this account do: then it leads here, if the host
    /// is this one, and not to another home with a connection of that name.
    public let mayLeadHere: Bool
  }

  /// The types of events that start flow connections of this account, sorted; those that are disabled may
  /// be enabled later.
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

  /// The types of events that enabled flow connections of this account wait for and that are sent nowhere
  /// here.
  public func missing() throws(Problem) -> [String] { try missing(in: all()) }

  /// The same, of endpoints that are known.
  public func missing(in endpoints: [Endpoint]) throws(Problem) -> [String] {
    let sent = endpoints.filter { $0.mayLeadHere && !$0.isDisabled }
    if sent.contains(where: \.events.isEmpty) { return [] }
    return try wanted(onlyByEnabled: true).filter { event in
      !sent.contains { $0.events.contains(event) }
    }
  }

  /// Tells the app to send what is wanted to a URL; changes the endpoint that leads there or was
  /// installed from here, if there is one, and makes a password for it where the connection has none.
  ///
  /// `base` is how the app reaches this machine: the URL before `/hooks/…`, or with it.
  public func install(base: String) throws(Problem) -> Endpoint {
    let url = try url(base)
    let events = try wanted()
    guard !events.isEmpty else {
      throw Problem(
        .usage,
        "no flow connection starts with events of \(connection.scope): connect a flow first, so that"
          + " it is known which events it needs")
    }
    let known = try all()
    try forgetOthers(than: known)
    // Another connection's serves this one too: it is changed in its place, and not joined by a second
    let old = known.first { $0.url == url } ?? known.first(where: \.isOurs)
    guard old != nil || known.count < facts.most else {
      throw Problem(
        .refused,
        "\(connection.app.name) allows \(facts.most) webhooks, and has them: "
          + known.map(\.url).joined(separator: ", ") + "; remove one there")
    }
    let body = try body(url, events, isNew: old == nil)
    let path = old.map { "\(facts.path)/\($0.id.percentEncoded)" } ?? facts.path
    let made = try ask(.post, path, body: body)
    guard let id = made[facts.each]["id"].nonBlank else {
      throw Problem(.unavailable, "\(connection.app.name) does not say which webhook it made")
    }
    // Cut off before this, the URL tells that it is the one
    let note: JSON = ["url": .string(url), "events": .array(events.map { .string($0) })]
    _ = try registry.home.commit([.put(key(id), note)])
    guard let endpoint = endpoint(made[facts.each], try paths(), [id]) else {
      throw Problem(.unavailable, "\(connection.app.name) does not say where the webhook leads")
    }
    return endpoint
  }

  /// Tells the app to send nothing more to what was installed from here; the endpoints that were
  /// removed.
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
    case .notSent(let reason): throw Problem(.unavailable, "\(app) does not answer: \(reason)")
    case .inDoubt(let reason):
      throw Problem(.temporary, "\(app) gave no clear answer: \(reason); say it again")
    case .answered(let answer, _):
      if answer.isSuccess { return answer.value }
      let said = answer.value["message"].nonBlank.map { ": \($0.truncated(to: 300))" } ?? ""
      throw Problem(
        answer.isTemporary ? .temporary : .refused, "\(app) answered \(answer.status ?? 0)\(said)")
    }
  }

  private func endpoint(
    _ json: JSON, _ paths: Set<String>, _ installed: Set<String>
  ) -> Endpoint? {
    guard let id = json["id"].nonBlank, let url = json[facts.url].nonBlank else { return nil }
    let path = url.split(separator: "/").suffix(2).joined(separator: "/")
    return Endpoint(
      id: id, url: url, isDisabled: json[facts.disabled].bool ?? false,
      events: json[facts.events].array?.compactMap(\.string) ?? [],
      isOurs: installed.contains(id), mayLeadHere: paths.contains(path))
  }

  /// Under which it is remembered that an endpoint was installed from here.
  private func key(_ id: String) -> String { "webhook/\(connection.scope)/\(id.percentEncoded)" }

  /// Forgets what was installed and is no longer in the app.
  private func forgetOthers(than endpoints: [Endpoint]) throws(Problem) {
    let ids = Set(endpoints.map(\.id))
    let gone = try installed().subtracting(ids).map { Change.remove(key($0)) }
    if !gone.isEmpty { _ = try registry.home.commit(gone) }
  }

  /// The ids of the endpoints that were installed from here.
  private func installed() throws(Problem) -> Set<String> {
    Set(try registry.webhooks(of: connection.scope).map(\.id))
  }

  /// How URLs end that lead to a connection of this account.
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
        .usage, "\"\(base)\" is not how \(connection.app.name) may reach you: an https URL")
    }
    return url
  }

  private func body(
    _ url: String, _ events: [String], isNew: Bool
  ) throws(Problem) -> JSON {
    let password = try password()
    let username = connection.known[auth.username].nonBlank ?? WebhookAuthenticator.defaultUsername
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

  /// The password of the connection's webhooks; made and kept, where it has none.
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
