import Dispatcher
import Foundation
import Setup
import Store
import Synchronization

/// From a webhook through a function to its reply on disk, beside a new process a request.
enum Events {
  static func measure(_ stand: Stand) throws {
    let request = try Webhook.request(deleted: true)
    var (rate, forks, resident): ([Double], [Double], [Double]) = ([], [], [])
    for round in 0..<stand.rounds {
      let folder = stand.folder("event-\(round)")
      let house = try House(at: folder, flows: true)
      forks.append(try forkRate(stand))
      let serve = try Serve(stand.steps, home: folder)
      defer { serve.stop() }
      let count = 20_000
      let seconds = try seconds {
        let load = try Load.result(
          request, at: serve.port, connections: 64, seconds: 60, count: count, first: 0,
          in: stand.place)
        guard load.failed == 0 else { throw BenchError(70, "\(load.failed) webhooks failed") }
        try waitUntilDone(house)
      }
      rate.append(Double(count) / seconds)
      sleep(6)
      resident.append(serve.resident)
    }
    stand.add(
      "event", "webhook to the reply on disk", rate, "/s",
      beside: "a process a request, 8 at a time, nothing stored, /s", forks, .ratioAtLeast(5))
    stand.add("event", "webhook to the reply on disk", rate, "/s", .atLeast(8200))
    stand.add("event", "serve resident, 6 s after 20,000 of them", resident, "MB")
  }

  /// Waits until no run is open.
  static func waitUntilDone(_ house: House) throws {
    let end = now() + 300
    while now() < end {
      if try house.store.records(prefix: StoreKey.open.prefix, limit: 1).isEmpty { return }
      usleep(2000)
    }
    throw BenchError(70, "the runs do not end")
  }

  /// How many calls a second a watchdog can make at most that starts a process for each.
  private static func forkRate(_ stand: Stand) throws -> Double {
    let event = try Webhook.event(deleted: true, number: 1) + [0x0A]
    let program = stand.steps.path("chargebee-customer-created")
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
