import Catalog
import Dispatcher
import Foundation
import HTTPClient
import Operations
import Records
import Setup
import StepKit
import Store
import Values

/// A home whose runs are carried by a dispatcher in this process, with stand-ins for steps and servers.
final class WaitingHome {
  let home: BenchHome
  let scheduler: Scheduler
  private var number = 0

  init(
    _ context: BenchContext, _ name: String, _ steps: StandInSteps, _ server: StandInServer
  ) throws {
    home = try BenchHome(at: context.folder(name), flows: false, togai: "http://127.0.0.1:1")
    let executor = RunExecutor(registry: home.registry, caller: steps, transport: server)
    scheduler = Scheduler(
      executor: executor, store: RunStore(home: home.registry.home), clock: .system,
      instruments: nil, report: { _ in })
    scheduler.start(threads: 16)
  }

  func stop() { scheduler.stop(within: 1) }

  /// Lets a flow connection `name` do its action through a Togai of its own.
  func connect(_ name: String, action: String, port: Int, perMinute: Int? = nil) throws {
    var settings = ["baseUrl": "http://127.0.0.1:\(port)"]
    if let perMinute { settings["requestsPerMinute"] = String(perMinute) }
    _ = try home.registry.add(
      connection: name, app: "togai", settings: settings,
      secrets: ["token": Secret("token"), "webhookSecret": Secret("secret-of-the-bench")])
    let flow: JSON = [
      "name": .string(name), "type": "inbound", "when": ["step": "chargebee/customer-created"],
      "then": [["step": .string(action)]],
    ]
    guard let step = StepID(action) else { throw BenchError(70, "no step \(action)") }
    _ = try home.registry.flows.add(flow: name, json: flow)
    _ = try home.registry.connect(flow: name, name: name, connections: [step: name])
    _ = try home.registry.flows.enable(name, true)
  }

  /// Stores events of as many customers, and returns their runs of a flow connection.
  func take(_ count: Int, of flow: String) throws -> [Run] {
    let connection = try home.registry.connections.get("chargebee")
    let events = (0..<count).map { _ -> (JSON, Connection) in
      number += 1
      let event: JSON = [
        "id": .string("ev_\(number)"), "event_type": "customer_created",
        "occurred_at": 1_800_000_000,
        "content": ["customer": ["id": .string("cus_\(number)")]],
      ]
      return (event, connection)
    }
    let runs = Intake(registry: home.registry).take(events).flatMap(\.runs)
    return runs.filter { $0.flowConnection == flow }
  }

  /// Carries runs one after another; the seconds of each.
  func times(of runs: [Run]) throws -> [Double] {
    try runs.map { run in
      let start = now()
      scheduler.add([run])
      while scheduler.has(run.id) {
        usleep(50)
        guard now() - start < 120 else { throw BenchError(70, "a run does not end") }
      }
      return now() - start
    }
  }
}
