import Catalog
package import Dispatcher
import Foundation
import Operations
package import Processes
package import Records
package import Service
package import Setup
import StepKit
import Store
import TestSupport
package import Values

/// A home with the apps of `TestApps`, whose steps are shell scripts.
package final class TestHome {
  /// A temporary folder with `home`, `functions` and `bin`.
  package let path: String
  package let home: Home
  package let registry: Registry
  package let functions: StepExecutables

  /// Creates a home; `timeout` is in seconds, `memory` in MiB.
  package init(timeout: Double = 5, memory: Int = 512, pool: PoolOptions? = nil) throws {
    path = NSTemporaryDirectory() + "meterbridge-\(UUID().uuidString)"
    try TestApps.write(to: "\(path)/functions")
    for folder in ["bin", "home"] {
      try FileManager.default.createDirectory(
        atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
    }
    home = try Home(at: "\(path)/home")
    registry = Registry(home: home, catalog: try AppCatalog(functions: "\(path)/functions"))
    var functions = StepExecutables(
      folder: "\(path)/bin", timeout: timeout, memory: memory, pool: pool)
    functions.confinement = { _ in nil }  // The scripts of tests start other programs.
    self.functions = functions
    try script(
      "alpha-made", #"read -r line; echo '{"outcome":"done","output":{"ids":{"alpha":"1"}}}'"#)
  }

  deinit {
    let keepsFiles = ProcessInfo.processInfo.environment["METERBRIDGE_TESTS_LEAVE_ALL"] != nil
    if !keepsFiles { try? FileManager.default.removeItem(atPath: path) }
  }

  /// The API key of beta and gamma; `.ci/canary` searches everything that tests write for it.
  package static let key = "canary-7f3a9c52-beta"
  /// The password of alpha's webhooks.
  package static let password = "canary-7f3a9c52-alpha"
  /// The `Authorization` header of alpha's webhooks.
  package static let authorization =
    "Basic " + Data("meterbridge:\(password)".utf8).base64EncodedString()

  /// Writes the executable of a step as a shell script.
  package func script(_ name: String, _ body: String) throws {
    try Executable.script(body, at: "\(path)/bin/\(name)")
  }

  /// Adds the connections `a` to alpha and `b` to another app, and enables the flow between them, `ab`.
  ///
  /// The other app's API is at a port of this machine.
  ///
  /// - Returns: `a`.
  @discardableResult
  package func connect(_ app: String = "beta", port: Int = 9) throws -> Connection {
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

  /// Sets the rate limit of a connection, in requests per minute.
  package func limit(_ connection: String, to requests: Int) throws {
    let connection = try registry.connections.get(connection)
    var settings = connection.settings.object ?? [:]
    settings["requestsPerMinute"] = .int(requests)
    try home.store.put(
      JSON.members([
        "name": .string(connection.name), "app": .string(connection.app.id),
        "settings": .object(settings),
      ]).text, at: "connection/\(connection.name)")
  }
}

// MARK: - Running

extension TestHome {
  /// Takes an event of `a` and executes its runs until each ends or waits.
  package func dispatch(_ event: JSON = ["id": "e1", "type": "made", "about": "x"]) throws -> [Run]
  {
    try Foreground(registry: registry, caller: functions)
      .dispatch(event, from: registry.connections.get("a"))
  }

  /// The options of a service on a free port of this machine.
  package static var options: DispatcherService.Options {
    var options = DispatcherService.Options()
    options.listen = "127.0.0.1:0"
    return options
  }

  /// Runs a service during the body.
  ///
  /// Runs that are open at the end stay open.
  package func serve(
    _ options: DispatcherService.Options = TestHome.options, registry: Registry? = nil,
    _ body: (DispatcherService) throws -> Void
  ) throws {
    let service = try DispatcherService(
      registry: registry ?? self.registry, caller: functions, options: options)
    try whileRunning(service.run, stop: service.stop) { try body(service) }
  }

  /// Runs a service until every run has ended, and returns the given run as it is then.
  ///
  /// Without a clock, the service's time begins when the run is due and passes ten times as fast, so
  /// that a test need not wait for retries.
  package func finish(_ run: Run, clock: WallClock? = nil) throws -> Run {
    var options = Self.options
    options.clock = clock ?? Self.fastClock(from: run.due)
    try serve(options) { service in
      try waitUntil { service.waitUntilIdle(within: 1) }
    }
    return try RunStore(home: home).run(run.id)
  }

  private static func fastClock(from due: Timestamp) -> WallClock {
    let speed = 10.0
    let real = WallClock.system.now()
    let start = max(real.milliseconds, due.milliseconds)
    return WallClock(speed: speed) {
      let passed = WallClock.system.now().milliseconds - real.milliseconds
      return Timestamp(milliseconds: start + passed * Int(speed))
    }
  }
}
