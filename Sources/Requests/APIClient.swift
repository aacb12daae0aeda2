import Catalog
import FoundationEssentials
public import HTTPClient
import HTTPTypes
public import Mail
public import Setup
public import StepKit
import Store
public import Values

/// Sends requests to APIs with the base URL, credentials and encoding of a connection.
///
/// Any number of threads may use it.
public struct APIClient: Sendable {
  private let transport: any HTTPTransport
  private let mailer: any MailTransport
  private let home: Home
  private let authorizer: Authorizer
  private let clock: WallClock
  private let observe: @Sendable (FaultPoint) -> Void

  /// Creates a client for the connections of a home; `observe` is called at each fault point.
  public init(
    home: Home, transport: any HTTPTransport = CurlClient(),
    mailer: any MailTransport = SMTPClient(), clock: WallClock = .system,
    observe: @escaping @Sendable (FaultPoint) -> Void = { _ in }
  ) {
    self.home = home
    self.transport = transport
    self.mailer = mailer
    self.clock = clock
    self.observe = observe
    authorizer = Authorizer(home: home, clock: clock)
  }

  /// Sends a request, with an idempotency key if the app supports them; once more with a new access
  /// token if the app refuses the first.
  ///
  /// - Throws: a `configuration` problem if a secret is missing; `refused` if the base URL resolves to
  ///   an address that is not allowed.
  public func send(
    _ effect: HTTPEffect, through connection: Connection, key: String?
  ) throws(Problem) -> RequestOutcome {
    var refused: String?
    while true {
      switch try authorizer.authorization(of: connection, insteadOf: refused, transport) {
      case .unavailable(let reason): return .notSent(reason)
      case .refused(let reason):
        return .answered(.known(status: 401, value: ["message": .string(reason)]), isReplay: false)
      case .permitted(let credentials):
        let outcome = try send(effect, connection, key, credentials)
        guard case .answered(.known(401, _, _), _) = outcome, let token = credentials.token,
          refused == nil
        else { return outcome }
        refused = token
      }
    }
  }

  /// Sends a mail; the key makes its Message-ID, by which a repeated one is recognized.
  ///
  /// - Throws: a `usage`, `refused` or `configuration` problem if the settings are wrong.
  package func send(
    _ mail: MailEffect, through connection: Connection, key: String
  ) throws(Problem) -> RequestOutcome {
    let secrets = try home.secrets(of: connection)
    let server = try connection.mailServer(secrets)
    let message = try connection.message(mail, id: key, at: clock.now())
    observe(.sending)
    defer { observe(.answered) }
    return RequestOutcome(mailer.send(message, by: server), without: secrets.values)
  }

  /// Sends the harmless request that tests the key of a connection, or logs in to its mail server; nil if
  /// the app has none.
  ///
  /// - Throws: as ``send(_:through:key:)``.
  public func test(_ connection: Connection) throws(Problem) -> RequestOutcome? {
    guard connection.app.mail == nil else {
      let secrets = try home.secrets(of: connection)
      return RequestOutcome(
        mailer.test(try connection.mailServer(secrets)), without: secrets.values)
    }
    return try connection.app.test.map { (test) throws(Problem) in
      try send(test, through: connection, key: nil)
    }
  }

  private func send(
    _ effect: HTTPEffect, _ connection: Connection, _ key: String?, _ credentials: Credentials
  ) throws(Problem) -> RequestOutcome {
    let request = try request(effect, connection, key, credentials)
    let own = credentials.header.map { [$0, String($0.drop { $0 != " " }.dropFirst())] } ?? []
    let mask = SecretMask(try own + home.secrets(of: connection).values)
    observe(.sending)
    defer { observe(.answered) }
    do throws(TransportFailure) {
      return outcome(of: try transport.send(request), mask, connection)
    } catch {
      switch error {
      case .notSent(let reason): return .notSent(mask.masked(reason))
      case .forbidden(let reason):
        throw Problem(.refused, "connection \"\(connection.name)\": \(mask.masked(reason))")
      case .doubtful(let reason): return .inDoubt(mask.masked(reason))
      }
    }
  }

  private func request(
    _ effect: HTTPEffect, _ connection: Connection, _ key: String?, _ credentials: Credentials
  ) throws(Problem) -> ClientRequest {
    let http = connection.app.http
    var url =
      http.isWhole || credentials.isWhole ? credentials.base : credentials.base + effect.path
    let query = RequestEncoding.query(connection.query(effect))
    if !query.isEmpty { url += (url.contains("?") ? "&" : "?") + Form.encode(query) }
    var headers: Headers = [
      "Accept": http.takesAnyAnswer || http.goodText != nil ? "*/*" : "application/json"
    ]
    if let header = credentials.header { headers["Authorization"] = header }
    if let key, let idempotency = http.idempotency { headers[idempotency.header] = key }
    var body: [UInt8]?
    if effect.method != .get {
      body = Array(RequestEncoding.body(effect.body, http).utf8)
      headers["Content-Type"] = http.encoding.contentType
    }
    if let signature = credentials.signature {
      let now = clock.now()
      let id = key ?? "test-\(now.milliseconds)"
      for (name, value) in try signature.headers(id: id, at: now, body ?? []) {
        headers[name] = value
      }
    }
    var request = ClientRequest(effect.method.rawValue, url, headers: headers, body: body)
    request.isRepeatable = effect.isSafe
    request.destinations = http.reach
    return request
  }

  /// The outcome of a response, without the secrets of the request, which an app may quote.
  private func outcome(
    of response: ClientResponse, _ mask: SecretMask, _ connection: Connection
  ) -> RequestOutcome {
    let body = response.body
    let json = (try? JSON(parsing: body)).map(mask.masked)
    let http = connection.app.http
    let text = http.goodText.flatMap { _ in
      String(mask.masked(String(decoding: body, as: UTF8.self)).prefix(500)).nonBlank
    }
    let isReadable = json != nil || http.goodText.map { $0 == text } ?? body.isEmpty
    guard isReadable || http.takesAnyAnswer || response.status >= 300 else {
      return .inDoubt("answered \(response.status) with a body that is not JSON")
    }
    let value = json ?? text.map(JSON.string) ?? .null
    let after = response.headers["Retry-After"].flatMap { Int($0) }.map { min(max($0, 0), 86_400) }
    let status = http.refusals?.status(response.status, value) ?? response.status
    let replayed = http.idempotency?.replayed.flatMap { response.headers[$0] }
    return .answered(
      .known(status: status, value: value, after: after), isReplay: replayed == "true")
  }
}
