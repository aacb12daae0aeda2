import Foundation

/// From a webhook to its 2xx, for which it must be on disk.
enum Intakes {
  static func measure(_ context: BenchContext) throws {
    let folder = context.folder("intake")
    _ = try BenchHome(at: folder, flows: false)
    let serve = try Serve(context.steps, home: folder)
    defer { serve.stop() }
    let request = try Webhook.request(deleted: true)
    var (many, p99): ([Double], [Double]) = ([], [])
    var (one, bare): ([Double], [Double]) = ([], [])
    var work: [Double] = []
    let body = try Webhook.event(deleted: true)
    let sync = try Sync(in: context.place)
    for round in 0..<context.rounds {
      let start = round * 10_000_000
      let single = try Load.result(
        request, at: serve.port, connections: 1, seconds: 2, first: start, in: context.place)
      bare.append(try times(1000) { _ in try sync.write(body) }.median * 1e6)
      let before = serve.cpu
      let load = try Load.result(
        request, at: serve.port, connections: 64, seconds: 4, first: start + 5_000_000,
        in: context.place)
      guard single.failed + load.failed == 0 else {
        throw BenchError(70, "\(single.failed + load.failed) webhooks were not answered 200")
      }
      one.append(single.p50 * 1e6)
      many.append(load.perSecond)
      p99.append(load.p99 * 1e3)
      work.append((serve.cpu - before) / Double(load.count) * 1e6)
    }
    context.add("intake", "durable 2xx at 64 connections", many, "/s", .atLeast(10_000))
    context.add("intake", "its p99", p99, "ms", .atMost(20))
    context.add("intake", "CPU a webhook", work, "µs", nil)
    context.add(
      "intake", "durable 2xx at 1 connection, p50", one, "µs", beside: "write+fdatasync, µs",
      bare, .ratioAtMost(2))
  }
}

extension BenchContext {
  /// Notes a figure that is compared with no yardstick.
  func add(_ part: String, _ what: String, _ figures: [Double], _ unit: String, _ goal: Goal?) {
    add(part, what, figures, unit, beside: nil, [], goal)
  }
}
