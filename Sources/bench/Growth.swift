import Foundation

/// How many webhooks a second are taken beside ten thousand records, and beside ten million.
enum Growth {
  static func measure(_ context: BenchContext) throws {
    let homes = [10_000, 10_000_000].map { ($0, context.folder("records-\($0)")) }
    for (records, folder) in homes {
      context.progress("filling a store with \(records) records")
      try LinkRecords.fill(try BenchHome(at: folder, flows: true).store, 0..<records / 2)
    }
    let request = try Webhook.request(deleted: true)
    var rates: [[Double]] = homes.map { _ in [] }
    var first = 0
    for _ in 0..<context.rounds {
      for (index, (_, folder)) in homes.enumerated() {
        let home = try BenchHome.open(folder)
        let serve = try Serve(context.steps, home: folder)
        defer { serve.stop() }
        let count = 20_000
        let seconds = try seconds {
          let load = try Load.result(
            request, at: serve.port, connections: 64, seconds: 60, count: count, first: first,
            in: context.place)
          guard load.failed == 0 else { throw BenchError(70, "\(load.failed) webhooks failed") }
          try Events.waitUntilDone(home)
        }
        rates[index].append(Double(count) / seconds)
        first += count
      }
    }
    context.add(
      "growth", "events beside 10,000,000 records", rates[1], "/s",
      beside: "beside 10,000 records, /s", rates[0], .ratioAtLeast(0.8))
  }
}
