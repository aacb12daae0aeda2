import Catalog
import FoundationEssentials
public import HTTPClient
import HTTPTypes
public import Setup
public import StepKit
import Store
public import Values

/// What came of a request.
public enum RequestOutcome {
  /// The other side answered.
  case answered(Answer, isReplay: Bool)
  /// It cannot have seen the request.
  case notSent(String)
  /// It may have carried the request out, or not.
  case inDoubt(String)

  /// The outcome in a word: the class of the status, `not_sent` or `in_doubt`.
  public var result: String {
    switch self {
    case .answered(let answer, _): "\((answer.status ?? 0) / 100)xx"
    case .notSent: "not_sent"
    case .inDoubt: "in_doubt"
    }
  }
}

/// Carries requests to the APIs, with the base URL, key and encoding of a connection.
///
/// It may be used by any number of threads.
public struct APIClient: Sendable {
  private let transport: any HTTPTransport
  private let home: Home
  private let authorizer: Authorizer
  private let clock: WallClock
  private let observe: @Sendable (FaultPoint) -> Void

  /// Makes one of its parts.
  public init(
    home: Home, transport: any HTTPTransport = CurlClient(), clock: WallClock = .system,
    observe: @escaping @Sendable (FaultPoint) -> Void = { _ in }
  ) {
    self.home = home
    self.transport = transport
    self.clock = clock
    self.observe = observe
    authorizer = Authorizer(home: home, clock: clock)
  }

  /// Sends a request, with an idempotency key where the app takes one; once more with another access
  /// token where the app refuses the one that it was sent with.
  ///
  /// - Throws: a `configuration` problem where the connection has no key.
  public func send(
    _ effect: HTTPEffect, through connection: Connection, key: String?
  ) throws(Problem) -> RequestOutcome {
    var refused: String?
    while true {
      switch try authorizer.authorization(of: connection, insteadOf: refused, transport) {
      case .trouble(let reason): return .notSent(reason)
      case .refused(let reason):
        return .answered(.known(status: 401, value: ["message": .string(reason)]), isReplay: false)
      case .permitted(let permit):
        let outcome = try send(effect, connection, key, permit)
        guard case .answered(.known(401, _, _), _) = outcome, let token = permit.token,
          refused == nil
        else { return outcome }
        refused = token
      }
    }
  }

  private func send(
    _ effect: HTTPEffect, _ connection: Connection, _ key: String?, _ permit: Credentials
  ) throws(Problem) -> RequestOutcome {
    let request = try request(effect, connection, key, permit)
    let words = permit.header.map { [$0, String($0.drop { $0 != " " }.dropFirst())] } ?? []
    let secrets = try words + home.secrets(of: connection).values
    observe(.sending)
    defer { observe(.answered) }
    do throws(TransportFailure) {
      let response = try transport.send(request)
      return outcome(of: response, Self.without(secrets, response.body), connection)
    } catch {
      switch error {
      case .notSent(let reason): return .notSent(reason)
      case .forbidden(let reason):
        throw Problem(.refused, "connection \"\(connection.name)\": \(reason)")
      case .doubtful(let reason): return .inDoubt(reason)
      }
    }
  }

  private func request(
    _ effect: HTTPEffect, _ connection: Connection, _ key: String?, _ permit: Credentials
  ) throws(Problem) -> ClientRequest {
    let http = connection.app.http
    var url = http.isWhole ? permit.base : permit.base + effect.path
    let query = RequestEncoding.query(connection.query(effect))
    if !query.isEmpty { url += (url.contains("?") ? "&" : "?") + Form.encode(query) }
    var headers: Headers = ["Accept": http.takesAnyAnswer ? "*/*" : "application/json"]
    if let header = permit.header { headers["Authorization"] = header }
    if let key, let idempotency = http.idempotency { headers[idempotency.header] = key }
    var body: [UInt8]?
    if effect.method != .get {
      body = Array(RequestEncoding.body(effect.body, http).utf8)
      headers["Content-Type"] = http.encoding.contentType
    }
    if let signature = permit.signature {
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

  /// A body in which an app that says again what it was told does not name our secrets.
  private static func without(_ secrets: [String], _ body: [UInt8]) -> [UInt8] {
    var body = body
    for secret in secrets where secret.utf8.count >= 8 {
      let bytes = Array(secret.utf8)
      if body.contains(bytes) { body.replace(bytes, with: "…".utf8) }
    }
    return body
  }

  private func outcome(
    of response: ClientResponse, _ body: [UInt8], _ connection: Connection
  ) -> RequestOutcome {
    let value = try? JSON(parsing: body)
    guard
      value != nil || body.isEmpty || connection.app.http.takesAnyAnswer || response.status >= 300
    else {
      return .inDoubt("answered \(response.status) with something that is not JSON")
    }
    let replayed = connection.app.http.idempotency?.replayed.flatMap { response.headers[$0] }
    return .answered(
      .known(
        status: connection.app.http.refusals?.status(response.status, value ?? .null)
          ?? response.status, value: value ?? .null,
        after: response.headers["Retry-After"].flatMap { Int($0) }.map { min(max($0, 0), 86_400) }),
      isReplay: replayed == "true")
  }
}
