import Catalog
import Foundation
import HTTPServer
import Operations
import Records
import Service
import Setup
import StepKit
import Store
import TestHomes
import TestSupport
import Values

@testable import Policies

/// A home whose runs each ask for one change: a POST with a body that the test chooses.
final class HeldRuns {
  let fixture: TestHome
  let registry: Registry
  let api: FakeAPI
  var home: Home { fixture.home }
  var holds: HoldStore { HoldStore(home: home) }
  var policies: PolicyStore { PolicyStore(home: home) }
  private let bodyFile: String

  /// Creates the home; with `declares`, the step holds its changes by itself.
  init(declares: Bool = false, _ answer: @escaping @Sendable (Int) -> Response) throws {
    fixture = try TestHome()
    if declares {
      let path = "\(fixture.path)/functions/beta/app.json"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacing(#""takes":"thing","#, with: #""takes":"thing","holds":["thing"],"#)
        .write(toFile: path, atomically: true, encoding: .utf8)
    }
    registry = Registry(
      home: fixture.home, catalog: try AppCatalog(functions: "\(fixture.path)/functions"))
    api = try FakeAPI { _, count in answer(count) }
    bodyFile = "\(fixture.path)/body"
    _ = try fixture.connect(port: api.port)
    try fixture.script(
      "beta-take",
      """
      read -r line
      case "$line" in
        *'"made":{"status":201'*) echo '{"outcome":"done","output":{}}';;
        *'"made":{"status":4'*) echo '{"outcome":"stop","attention":true,"reason":"the app says no"}';;
        *'"made":{"after":1,"status":429'*) echo '{"outcome":"retry","reason":"busy","after":1}';;
        *) echo '{"outcome":"ask","effects":[{"http":'"$(cat \(bodyFile))"'}]}';;
      esac
      """)
    try ask()
  }

  deinit { api.stop() }

  /// An API that makes everything.
  static func making(declares: Bool = false) throws -> HeldRuns {
    try HeldRuns(declares: declares) { _ in Response(201, type: "application/json", text: "{}") }
  }

  /// Sets what the step asks for.
  func ask(_ body: String = #"{"amount":10,"currency":"USD"}"#, path: String = "/things") throws {
    try #"{"name":"made","method":"POST","path":"\#(path)","body":\#(body)}"#
      .write(toFile: bodyFile, atomically: true, encoding: .utf8)
  }

  func policy(_ text: String) throws {
    try policies.set(JSON(parsing: text), of: "ab", now: WallClock.system.now())
  }

  /// Takes an event and carries its run until it ends or waits.
  func dispatch(_ id: String = "e1", about: String? = nil) throws -> Run {
    let event: JSON = ["id": .string(id), "type": "made", "about": .string(about ?? id)]
    let runs = try Foreground(registry: registry, caller: fixture.functions)
      .dispatch(event, from: registry.connections.get("a"))
    guard let run = runs.first else { throw Problem(.software, "no run") }
    return run
  }

  func run(_ run: Run) throws -> Run { try RunStore(home: home).run(run.id) }

  /// Serves until a condition holds, with a clock that is ahead by some seconds.
  func serve(ahead: Int = 0, until isDone: () throws -> Bool) throws {
    var options = TestHome.options
    options.clock = WallClock(speed: 1) { WallClock.system.now().adding(seconds: ahead) }
    try fixture.serve(options, registry: registry) { _ in try waitUntil(isDone) }
  }

  /// Serves until a run has ended, and returns it.
  func end(_ run: Run, ahead: Int = 0) throws -> Run {
    try serve(ahead: ahead) { try self.run(run).status != .pending }
    return try self.run(run)
  }

  /// Serves until a run has ended, and returns its status, with the whole run if that is not success.
  func ending(_ run: Run, ahead: Int = 0) throws -> String {
    let ended = try end(run, ahead: ahead)
    return ended.status == .success ? "success" : ended.json.text
  }
}
