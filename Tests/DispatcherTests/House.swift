import Foundation
import HTTPServer
import Processes
import StepKit
import Store
import Synchronization
import TestPrograms
import Testing
import Values

@testable import Catalog
@testable import Dispatcher
@testable import Operations
@testable import Records
@testable import Service
@testable import Setup

/// A home with two apps of its own, whose steps are shell scripts: what a test needs and no more.
///
/// `alpha` sends webhooks with Basic auth and gives things, `beta` takes them and has an API with
/// idempotency keys, `gamma` is like beta without keys, `delta` wants access tokens.
final class House {
  let path: String
  let home: Home
  let registry: Registry
  let functions: StepExecutables

  init(timeout: Double = 5, memory: Int = 512, pool: PoolOptions? = nil) throws {
    path = NSTemporaryDirectory() + "meterbridge-\(UUID().uuidString)"
    let apps = ["alpha": Self.alpha, "beta": Self.beta, "gamma": Self.gamma, "delta": Self.delta]
    for (app, facts) in apps {
      try FileManager.default.createDirectory(
        atPath: "\(path)/functions/\(app)", withIntermediateDirectories: true)
      try Data(facts.utf8).write(to: URL(filePath: "\(path)/functions/\(app)/app.json"))
    }
    for folder in ["functions/flows", "bin", "home"] {
      try FileManager.default.createDirectory(
        atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
    }
    for app in ["beta", "gamma"] {
      let flow =
        #"{"name":"A to \#(app)","type":"inbound","when":{"step":"alpha/made"},"then":[{"step":"\#(app)/take"}]}"#
      try Data(flow.utf8).write(to: URL(filePath: "\(path)/functions/flows/to-\(app).json"))
    }
    home = try Home(at: "\(path)/home")
    registry = Registry(home: home, catalog: try AppCatalog(functions: "\(path)/functions"))
    functions = StepExecutables(
      folder: "\(path)/bin", timeout: timeout, memory: memory, pool: pool)
    try script(
      "alpha-made", #"read -r line; echo '{"outcome":"done","output":{"ids":{"alpha":"1"}}}'"#)
  }

  deinit {
    let leavesAll = ProcessInfo.processInfo.environment["METERBRIDGE_TESTS_LEAVE_ALL"] != nil
    if !leavesAll { try? FileManager.default.removeItem(atPath: path) }
  }

  /// The key of the other app: `.ci/canary` looks for it in all that the tests say and leave behind.
  static let key = "canary-7f3a9c52-beta"
  /// The password of alpha's webhooks.
  static let password = "canary-7f3a9c52-alpha"

  /// Makes the function of a step a shell script; `$line` is the invocation.
  func script(_ name: String, _ body: String) throws {
    try Executable.script(body, at: "\(path)/bin/\(name)")
  }

  /// Connects alpha to another app whose API is at a port, and enables the flow between them.
  func connect(_ app: String = "beta", port: Int = 9) throws -> Connection {
    let alpha = try registry.add(
      connection: "a", app: "alpha", settings: ["account": "one"],
      secrets: ["password": Secret(Self.password)])
    _ = try registry.add(
      connection: "b", app: app, settings: ["baseUrl": "http://127.0.0.1:\(port)"],
      secrets: ["key": Secret(Self.key)])
    _ = try registry.connect(flow: "to-\(app)", name: "ab", connections: [:])
    _ = try registry.flows.enable("ab", true)
    return alpha
  }

  /// Takes an event and carries its runs to their end or their next wait.
  func dispatch(_ event: JSON = ["id": "e1", "type": "made", "about": "x"]) throws -> [Run] {
    try Foreground(registry: registry, caller: functions)
      .dispatch(event, from: registry.connections.get("a"))
  }

  /// Serves while a test does something; what is open then is left open.
  func serve(
    clock: WallClock = .system, threads: Int? = nil,
    report: @escaping @Sendable (String) -> Void = { _ in },
    _ body: (DispatcherService) throws -> Void
  ) throws {
    var options = DispatcherService.Options()
    if let threads { options.threads = threads }
    options.listen = "127.0.0.1:0"
    options.report = { report($0.message) }
    options.clock = clock
    let service = try DispatcherService(registry: registry, caller: functions, options: options)
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      service.run()
      done.signal()
    }
    thread.start()
    defer {
      service.stop()
      done.wait()
    }
    try body(service)
  }

  /// Goes on with all open runs until each has ended; gives one of them as it is then.
  func carryOn(_ run: Run, clock: WallClock = .system) throws -> Run {
    try serve(clock: clock) { service in #expect(service.waitUntilIdle(within: 20)) }
    return try RunStore(home: home).run(run.id)
  }

  /// Makes a connection send no more than so many requests a minute.
  func limit(_ connection: String, to requests: Int) throws {
    let known = try registry.connections.get(connection)
    try home.store.put(
      JSON.members([
        "name": .string(connection), "app": .string(known.app.id),
        "settings": .object(
          (known.settings.object ?? [:]).merging(["requestsPerMinute": .number(Numeral(requests))])
          {
            $1
          }),
      ]).text, at: "connection/\(connection)")
  }

  private static let alpha = #"""
    {"name":"Alpha","scope":"alpha:{account}",
     "settings":[{"name":"account","label":"Account"},
       {"name":"password","label":"Password","secret":true,"optional":true}],
     "http":{"base":"https://alpha.example","auth":{"basic":"x:"},"encoding":"json"},
     "webhook":{"auth":"basic","username":"user","password":"password","id":"id","type":"type",
       "lane":["about"]},
     "steps":{"made":{"label":"Made","kind":"trigger","events":["made"],"gives":"thing"}}}
    """#

  private static let beta = #"""
    {"name":"Beta","scope":"beta:b","hub":true,
     "settings":[{"name":"key","label":"Key","secret":true}],
     "http":{"base":"https://beta.example","auth":{"basic":"{key}:"},"encoding":"form",
       "jsonFields":["meta"],"idempotency":{"header":"Idem","minutes":30,"replayed":"Replayed"}},
     "test":{"path":"/things"},
     "steps":{"take":{"label":"Take","kind":"action","takes":"thing",
       "fields":[{"name":"count","label":"Count","type":"number","optional":true}]}}}
    """#

  private static let gamma = #"""
    {"name":"Gamma","scope":"gamma:g","hub":true,
     "settings":[{"name":"key","label":"Key","secret":true}],
     "http":{"base":"https://gamma.example","auth":{"bearer":"{key}"},"encoding":"json"},
     "webhook":{"auth":"path","secret":"key","lane":["id"]},
     "steps":{"take":{"label":"Take","kind":"action","takes":"thing"},
       "made":{"label":"Made","kind":"trigger","gives":"thing"}}}
    """#
}

extension House {
  fileprivate static let delta = #"""
    {"name":"Delta","scope":"delta:d","hub":true,
     "settings":[{"name":"client","label":"Client"},
       {"name":"secret","label":"Client secret","secret":true},
       {"name":"code","label":"Code","secret":true,"optional":true},
       {"name":"refresh","label":"Refresh token","secret":true,"optional":true}],
     "http":{"base":"https://delta.example/v1","encoding":"json","query":{"org":"{client}"},
       "auth":{"oauth2":{"url":"https://accounts.delta.example/token","clientId":"{client}",
         "clientSecret":"{secret}","refreshToken":"refresh","code":"code","scheme":"Delta",
         "server":"api"}},
       "refusals":{"member":"code","good":0,"statuses":{"44":429}}},
     "test":{"path":"/things"},
     "steps":{"take":{"label":"Take","kind":"action","takes":"thing"}}}
    """#
}

/// An API on loopback that answers as a test says, and remembers what it was asked.
final class FakeAPI: Sendable {
  let port: Int
  private let server: Server
  private let seen = Mutex<[Request]>([])

  init(_ answer: @escaping @Sendable (Request, Int) -> Response) throws {
    let server = try Server(listen: "127.0.0.1:0")
    self.server = server
    port = server.port
    let thread = Thread { [self] in
      server.run { requests in
        requests.map { request in
          let count = seen.withLock { seen in
            seen.append(request)
            return seen.count
          }
          return answer(request, count)
        }
      }
    }
    thread.start()
  }

  var requests: [Request] { seen.withLock { $0 } }

  func stop() { server.stop() }
}

/// Waits until something is so, at most 20 seconds.
func until(_ isSo: () throws -> Bool) throws {
  let end = ContinuousClock.now + .seconds(20)
  while try !isSo() {
    try #require(ContinuousClock.now < end)
    Thread.sleep(forTimeInterval: 0.001)
  }
}
