import Foundation
import HTTPClient
import HTTPTypes
import Operations
import Records
import Setup
import Store
import TestHomes
import TestSupport
import Testing
import Values

@testable import Console

/// A console on loopback, and a browser with its cookies.
final class Browser {
  let fixture: TestHome
  let server: ConsoleServer
  /// The cookies by name.
  private(set) var cookies: [String: String] = [:]
  /// Headers of every request.
  var headers: Headers = [:]
  private let client = CurlClient()
  private let ended = DispatchSemaphore(value: 0)

  static let password = "correct horse battery"

  /// Starts a console of a home with an operator of each role; those of `passwords` have the password.
  init(
    _ fixture: TestHome, options: ConsoleOptions = ConsoleOptions(), passwords: [Role] = []
  ) throws {
    self.fixture = fixture
    var options = options
    options.listen = "127.0.0.1:0"
    let store = OperatorStore(home: fixture.home)
    for role in Role.allCases where try store.find(role.rawValue) == nil {
      _ = try store.add(
        role.rawValue, role: role,
        password: passwords.contains(role) ? Secret(Self.password) : nil, now: options.clock.now())
    }
    server = try ConsoleServer(
      registry: fixture.registry, caller: fixture.functions, options: options)
    Thread { [server, ended] in
      server.run()
      ended.signal()
    }.start()
  }

  deinit {
    server.stop()
    ended.wait()
  }

  /// A browser in which an operator of a role is signed in, by a link.
  convenience init(_ fixture: TestHome, as role: Role, options: ConsoleOptions = ConsoleOptions())
    throws
  {
    try self.init(fixture, options: options)
    try signIn(as: role.rawValue, now: options.clock.now())
  }

  /// Signs an operator in by a link.
  func signIn(as name: String, now: Timestamp = WallClock.system.now()) throws {
    let token = try SessionStore(home: fixture.home).makeLink(for: name, now: now)
    _ = try get("/sign-in?link=\(token)")
    _ = try submit("/sign-in", ["link": token])
  }

  /// Forgets the cookies.
  func forget() { cookies = [:] }

  struct Page {
    let status: Int
    let headers: Headers
    let text: String

    /// The answer as a document.
    func json() throws -> JSON { try JSON(parsing: text) }

    /// The token of its forms.
    var token: String? {
      text.firstMatch(of: /name="csrf" value="([0-9a-f]{64})"/).map { String($0.output.1) }
    }
  }

  /// The last page that was shown.
  private(set) var page: Page?

  @discardableResult
  func get(_ path: String, _ more: Headers = [:]) throws -> Page {
    let got = try send("GET", path, more)
    if got.headers["Content-Type"]?.hasPrefix("text/html") == true { page = got }
    return got
  }

  /// The document of a page.
  func document(_ path: String) throws -> JSON {
    try send("GET", path, ["Accept": "application/json"]).json()
  }

  /// Sends a form of the page that was last shown.
  @discardableResult
  func submit(_ path: String, _ fields: [String: String] = [:]) throws -> Page {
    let all = [Field("csrf", page?.token ?? "")] + fields.map { Field($0.key, $0.value) }
    return try send(
      "POST", path, ["Content-Type": "application/x-www-form-urlencoded"],
      body: Form.encode(all))
  }

  func send(_ method: String, _ path: String, _ more: Headers = [:], body: String = "") throws
    -> Page
  {
    var all = headers
    for field in more.fields { all[field.name] = field.value }
    if !cookies.isEmpty {
      all["Cookie"] = cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")
    }
    let response = try client.send(
      ClientRequest(
        method, "http://127.0.0.1:\(server.port)\(path)", headers: all,
        body: body.isEmpty ? nil : Array(body.utf8)))
    for cookie in response.headers.all("Set-Cookie") {
      let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
      cookies[pair[0]] = pair.count > 1 ? pair[1] : nil
    }
    let page = Page(
      status: response.status, headers: response.headers,
      text: String(decoding: response.body, as: UTF8.self))
    try hold(page, method, path)
    return page
  }

  /// The operations whose answers were held against the OpenAPI file.
  private(set) var held: Set<String> = []

  /// Holds a document that was answered against the OpenAPI file.
  private func hold(_ page: Page, _ method: String, _ path: String) throws {
    guard page.status == 200, page.headers["Content-Type"] == "application/json" else { return }
    let segments = path.prefix { $0 != "?" }.split(separator: "/").map(String.init)
    let route = Route.all.first { $0.method.rawValue == method && $0.match(segments) != nil }
    guard let route, route.operation != nil else { return }
    let operation = OpenAPI.document["paths"][route.template][method.lowercased()]
    let fault = try APITests.schema(of: operation).fault(in: page.json())
    #expect(fault == nil, "\(method) \(path)")
    held.insert("\(method) \(route.template)")
  }
}
