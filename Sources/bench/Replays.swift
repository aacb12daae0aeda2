import Dispatcher
import Foundation
import Processes
import Records
import Setup
import StepKit

/// Calls the steps of past runs again, with the answers of that time, and compares.
enum Replays {
  private static let count = 10_000

  static func measure(_ context: BenchContext) throws {
    let togai = try TogaiCustomers()
    defer { togai.stop() }
    let home = try BenchHome(at: context.folder("replay"), flows: true, togai: togai.url)
    try LinkRecords.fill(home.store, 0..<count)
    try record(home, context)
    let registry = home.registry
    let runs = try RunStore(home: registry.home).runs()
    guard runs.count == count, runs.allSatisfy({ $0.status == .success }) else {
      throw BenchError(70, "of \(runs.count) runs, not all were successful")
    }
    let functions = StepExecutables(folder: context.steps.folder, pool: PoolOptions())
    defer { functions.endIdle() }
    var times: [Double] = []
    for _ in 0..<context.rounds {
      let replay = Replay(registry: registry, caller: functions)
      times.append(
        try seconds {
          for run in runs {
            let calls = try replay.replay(run)
            guard calls.count == 4, calls.allSatisfy(\.isSame) else {
              throw BenchError(70, "the replay of \(run.id) is not the same")
            }
          }
        })
    }
    context.add("replay", "10,000 runs of four calls", times, "s", .atMost(10))
  }

  /// Has the runs made: customers that Togai has already, as their links say.
  private static func record(_ home: BenchHome, _ context: BenchContext) throws {
    let serve = try Serve(context.steps, home: home.path)
    defer { serve.stop() }
    let load = try Load.result(
      try Webhook.request(deleted: false), at: serve.port, connections: 64, seconds: 120,
      count: count, first: 0, in: context.place)
    guard load.failed == 0 else { throw BenchError(70, "\(load.failed) webhooks failed") }
    try Events.waitUntilDone(home)
  }
}
