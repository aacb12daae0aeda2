import Crypto
import HTTPClient
import HTTPServer
import HTTPTypes
import Operations
import Setup
import Store
import Values

/// Decides which requests reach a page, and who sent them.
struct Gate: Sendable {
  private let options: ConsoleOptions
  /// The port that the console listens on.
  private let port: Int
  private let operators: OperatorStore
  private let sessions: SessionStore
  private let tokens: APITokens

  init(_ options: ConsoleOptions, port: Int, home: Home) {
    (self.options, self.port) = (options, port)
    operators = OperatorStore(home: home)
    sessions = SessionStore(home: home)
    tokens = APITokens(home: home)
  }

  /// Whether people reach the console by https.
  var isSecure: Bool { options.url?.scheme == "https" }

  /// The name of a cookie: browsers send one with `__Host-` over https only, and to this host only.
  func cookieName(_ name: String) -> String {
    isSecure ? "__Host-meterbridge-\(name)" : "meterbridge-\(name)"
  }

  /// The refusal of a request that comes from another machine than the proxy, or by another name than the
  /// console's (DNS rebinding).
  func refusal(of request: Request) -> Response? {
    let comesThroughProxy = options.proxy.map { request.peer.host == $0.address } ?? false
    guard request.peer.isLoopback || comesThroughProxy else {
      return .problem(403, "the console answers this machine and its proxy only")
    }
    guard let host = request.headers["Host"], hosts.contains(host.lowercased()) else {
      return .problem(421, "the console has another name than the one in the header Host")
    }
    return nil
  }

  /// The values of `Host` by which the console may be asked.
  private var hosts: [String] {
    ["127.0.0.1:\(port)", "localhost:\(port)", "[::1]:\(port)"]
      + (options.url.map { [String($0.text.dropFirst($0.scheme.count + 3)).lowercased()] } ?? [])
  }

  /// Whether a request that changes something comes from a page of the console, as far as the browser says.
  func isFromHere(_ request: Request) -> Bool {
    guard let origin = request.headers["Origin"] else {
      return request.headers["Sec-Fetch-Site"].map { $0 == "same-origin" || $0 == "none" } ?? true
    }
    let own = options.url.map(\.text) ?? ""
    return origin == own || (hosts.contains { origin == "http://\($0)" } && !isSecure)
  }

  /// Who sent a request.
  ///
  /// - Throws: The problem of the store.
  func identify(_ request: Request) throws(Problem) -> Identity {
    if let secret = bearer(request) {
      guard let token = try tokens.token(secret), let person = try operators.find(token.operator)
      else { return Identity(way: .badToken) }
      return Identity(way: .token(token.name), person: person)
    }
    if let name = userOfProxy(request), let person = try operators.find(name) {
      return Identity(way: .proxy, person: person, key: formCookie(request))
    }
    if let token = cookie("session", of: request),
      let session = try sessions.session(
        of: token, isActive: request.headers["X-Refresh"] == nil, now: options.clock.now()),
      let person = try operators.find(session.operator)
    {
      return Identity(way: .session(token), person: person, key: token)
    }
    return Identity(way: .none, key: formCookie(request))
  }

  private func bearer(_ request: Request) -> String? {
    guard let header = request.headers["Authorization"] else { return nil }
    let parts = header.split(separator: " ", maxSplits: 1)
    return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
  }

  /// The operator whom the proxy names; nil if the request is not from the proxy.
  private func userOfProxy(_ request: Request) -> String? {
    guard let proxy = options.proxy, let header = proxy.userHeader, let secret = proxy.secret,
      request.peer.host == proxy.address, request.headers.all(header).count == 1,
      let given = request.headers["X-Meterbridge-Proxy"],
      ConstantTime.areEqual(Array(given.utf8), Array(secret.reveal().utf8))
    else { return nil }
    return request.headers[header]
  }

  private func formCookie(_ request: Request) -> String? { cookie("form", of: request) }

  /// The value of a cookie of the console.
  private func cookie(_ name: String, of request: Request) -> String? {
    let wanted = cookieName(name)
    for pair in request.headers.all("Cookie").joined(separator: ";").split(separator: ";") {
      let parts = pair.split(separator: "=", maxSplits: 1).map { String($0).nonBlank ?? "" }
      if parts.count == 2, parts[0] == wanted { return parts[1] }
    }
    return nil
  }

  /// The header that sets a cookie until the browser ends, or with an empty value removes it.
  func setCookie(_ name: String, _ value: String) -> String {
    "\(cookieName(name))=\(value); Path=/; HttpOnly; SameSite=Lax"
      + (isSecure ? "; Secure" : "") + (value.isEmpty ? "; Max-Age=0" : "")
  }

  /// The token that a form carries: only a page of the console knows it.
  static func formToken(_ key: String) -> String {
    (HMACSHA256.code(of: Array("form".utf8), key: Array(key.utf8)) ?? [])
      .map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
  }
}
