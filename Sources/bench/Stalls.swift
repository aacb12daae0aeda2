import Dispatcher
import Foundation

/// A run beside a thousand that wait for a dead receiver, a dead API and a hung step.
enum Stalls {
  static func measure(_ context: BenchContext) throws {
    let home = try WaitingHome(
      context, "stall", StandInSteps(hung: "togai/update-customer"), StandInServer(dead: ":66"))
    defer { home.stop() }
    for (name, action, port) in [
      ("receiver", "togai/create-customer", 661), ("api", "togai/create-customer", 662),
      ("step", "togai/update-customer", 2), ("good", "togai/create-customer", 3),
    ] { try home.connect(name, action: action, port: port) }
    let quiet = try home.times(of: home.take(50, of: "good"))
    for name in ["receiver", "api", "step"] { home.scheduler.add(try home.take(334, of: name)) }
    sleep(2)
    let loaded = try home.times(of: home.take(50, of: "good"))
    context.add(
      "stall", "run beside 1,000 that hang, p50", [loaded.median * 1000], "ms",
      beside: "alone, ms", [quiet.median * 1000], .ratioAtMost(2))
    context.add(
      "stall", "its slowest of 50", [loaded.max() ?? 0].map { $0 * 1000 }, "ms",
      beside: "alone, ms", [quiet.max() ?? 0].map { $0 * 1000 })
  }
}
