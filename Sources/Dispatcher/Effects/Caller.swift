import FoundationEssentials
import HTTP
import Step
import Store

/// What came of a request.
enum Outcome {
  /// The other side answered.
  case answered(Answer, isReplay: Bool)
  /// It cannot have seen the request.
  case notSent(String)
  /// It may have carried the request out, or not.
  case inDoubt(String)
}

/// Carries requests to the APIs, with the base URL, key and encoding of a connection.
///
/// It belongs to one thread and keeps its network connections open between requests.
final class Caller {
  private let client = Client()
  private let secrets: Secrets
  private let observe: @Sendable (Moment) -> Void

  init(secrets: Secrets, observe: @escaping @Sendable (Moment) -> Void = { _ in }) {
    self.secrets = secrets
    self.observe = observe
  }

  /// Sends a request, with an idempotency key where the app takes one.
  ///
  /// - Throws: a `configuration` problem where the connection has no key.
  func send(
    _ effect: HTTPEffect, through connection: Connection, key: String?
  ) throws(Problem) -> Outcome {
    let request = try request(effect, connection, key)
    let told = request.headers["Authorization"] ?? ""
    let words = [told, String(told.drop { $0 != " " }.dropFirst())]
    let secrets = try words + secrets(of: connection).values
    observe(.sending)
    defer { observe(.answered) }
    do throws(TransportFailure) {
      let response = try client.send(request)
      return outcome(of: response, Self.without(secrets, response.body), connection)
    } catch {
      switch error {
      case .notSent(let reason): return .notSent(reason)
      case .doubtful(let reason): return .inDoubt(reason)
      }
    }
  }

  private func request(
    _ effect: HTTPEffect, _ connection: Connection, _ key: String?
  ) throws(Problem) -> ClientRequest {
    let http = connection.app.http
    var url = try connection.baseURL() + effect.path
    let query = Wire.query(effect.query)
    if !query.isEmpty { url += "?" + Form.encode(query) }
    var headers: Headers = ["Accept": "application/json"]
    headers["Authorization"] = try authorization(connection)
    if let key, let idempotency = http.idempotency { headers[idempotency.header] = key }
    var body: [UInt8]?
    if effect.method != .get {
      body = Array(Wire.body(effect.body, http).utf8)
      headers["Content-Type"] = http.encoding.contentType
    }
    var request = ClientRequest(effect.method.rawValue, url, headers: headers, body: body)
    request.isRepeatable = effect.isSafe
    return request
  }

  private func authorization(_ connection: Connection) throws(Problem) -> String {
    switch connection.app.http.auth {
    case .bearer(let template): return "Bearer " + (try filled(template, connection))
    case .basic(let template):
      let pair = try filled(template, connection)
      return "Basic " + Data(pair.utf8).base64EncodedString()
    }
  }

  private func filled(_ template: String, _ connection: Connection) throws(Problem) -> String {
    let values = try secrets(of: connection)
    let missing = connection.app.settings.first { setting in
      setting.isSecret && template.contains("{\(setting.name)}") && values[setting.name] == nil
    }
    if let missing {
      throw Problem(
        .configuration,
        "connection \"\(connection.name)\" has lost its \(missing.label): remove it"
          + " and add it again")
    }
    return connection.filled(template) { values[$0] }
  }

  private func secrets(of connection: Connection) throws(Problem) -> [String: String] {
    var values: [String: String] = [:]
    for setting in connection.app.settings where setting.isSecret {
      values[setting.name] = try secret(setting.name, of: connection)
    }
    return values
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

  private func secret(_ name: String, of connection: Connection) throws(Problem) -> String? {
    do throws(StoreError) {
      return try secrets.get(name, of: connection.name)?.reveal()
    } catch {
      throw Problem(error)
    }
  }

  private func outcome(
    of response: ClientResponse, _ body: [UInt8], _ connection: Connection
  ) -> Outcome {
    let value = try? JSON(parsing: body)
    guard value != nil || body.isEmpty || response.status >= 300 else {
      return .inDoubt("answered \(response.status) with something that is not JSON")
    }
    let replayed = connection.app.http.idempotency?.replayed.flatMap { response.headers[$0] }
    return .answered(
      .known(
        status: response.status, value: value ?? .null,
        after: response.headers["Retry-After"].flatMap { Int($0) }.map { min(max($0, 0), 86_400) }),
      isReplay: replayed == "true")
  }
}
