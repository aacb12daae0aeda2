import Dispatcher
import Foundation
import Setup
import Store
import Synchronization

/// From a webhook through a function to its reply on disk, beside a new process a request.
enum Events {
  static func measure(_ context: BenchContext) throws {
    let request = try Webhook.request(deleted: true)
    var (rate, forks, resident): ([Double], [Double], [Double]) = ([], [], [])
    for round in 0..<context.rounds {
      let folder = context.folder("event-\(round)")
      let home = try BenchHome(at: folder, flows: true)
      forks.append(try forkRate(context))
      let serve = try Serve(context.steps, home: folder)
      defer { serve.stop() }
      let count = 20_000
      let seconds = try seconds {
        let load = try Load.result(
          request, at: serve.port, connections: 64, seconds: 60, count: count, first: 0,
          in: context.place)
        guard load.failed == 0 else { throw BenchError(70, "\(load.failed) webhooks failed") }
        try waitUntilDone(home)
      }
      rate.append(Double(count) / seconds)
      sleep(6)
      resident.append(serve.resident)
    }
    context.add(
      "event", "webhook to the reply on disk", rate, "/s",
      beside: "a process a request, 8 at a time, nothing stored, /s", forks, .ratioAtLeast(5))
    context.add("event", "webhook to the reply on disk", rate, "/s", .atLeast(8200))
    context.add("event", "serve resident, 6 s after 20,000 of them", resident, "MB")
  }

  /// Waits until no run is open.
  static func waitUntilDone(_ home: BenchHome) throws {
    let end = now() + 300
    while now() < end {
      if try home.store.records(prefix: StoreKey.open.prefix, limit: 1).isEmpty { return }
      usleep(2000)
    }
    throw BenchError(70, "the runs do not end")
  }

  /// How many calls a second a watchdog can make at most that starts a process for each.
  private static func forkRate(_ context: BenchContext) throws -> Double {
    let event = try Webhook.event(deleted: true, number: 1) + [0x0A]
    let program = context.steps.path("chargebee-customer-created")
    let failed = Atomic(0)
    let seconds = seconds {
      DispatchQueue.concurrentPerform(iterations: 8) { _ in
        for _ in 0..<150 where (try? Spawn.run([program], input: event))?.status != 0 {
          failed.add(1, ordering: .relaxed)
        }
      }
    }
    let count = failed.load(ordering: .relaxed)
    guard count == 0 else { throw BenchError(70, "\(count) calls of \(program) failed") }
    return 1200 / seconds
  }
}
