import Catalog
import Dispatcher
import Foundation
import Processes
import StepKit

/// One call of a real step with an event of 1.5 KB: in a new process, and in one that stays.
enum Calls {
  private static let step = "chargebee-customer-created"

  static func measure(_ context: BenchContext) throws {
    let event = try Webhook.event(deleted: false, number: 1) + [0x0A]
    let program = context.steps.path(step)
    var (empty, cold, dispatched): ([Double], [Double], [Double]) = ([], [], [])
    var (p50, p99): ([Double], [Double]) = ([], [])
    var kept: [Double] = []
    let functions = StepExecutables(folder: context.steps.folder)
    let warmed = StepExecutables(folder: context.steps.folder, pool: PoolOptions())
    defer { warmed.endIdle() }
    for _ in 0..<context.rounds {
      var (none, bare, whole): ([Double], [Double], [Double]) = ([], [], [])
      for _ in 0..<200 {
        none.append(try seconds { _ = try Spawn.run([context.empty.path], input: event) })
        bare.append(try seconds { try call(program, event) })
        whole.append(try dispatch(functions, event))
      }
      empty.append(none.median * 1e6)
      cold.append(bare.median * 1e6)
      dispatched.append(whole.median * 1e6)
      kept.append(try times(1000) { _ in _ = try dispatch(warmed, event) }.median * 1e6)
      let warm = try warmTimes(program, event, count: 3000).map { $0 * 1e6 }
      p50.append(warm.median)
      p99.append(warm.quantile(0.99))
    }
    let spawn = "\(context.empty.name)'s spawn, µs"
    context.add("call", "cold call", cold, "µs", beside: spawn, empty, .ratioAtMost(2.2))
    context.add(
      "call", "cold call by the dispatcher", dispatched, "µs", beside: spawn, empty,
      .ratioAtMost(2.2))
    context.add(
      "call", "resident in a call", [try residentMegabytes(program, event)], "MB", .atMost(8))
    context.add(
      "call", "warm call, p50", p50, "µs", beside: "cold call, µs", cold, .ratioAtMost(1.0 / 8))
    context.add(
      "call", "warm call by the dispatcher, p50", kept, "µs", beside: "its cold call, µs",
      dispatched, .ratioAtMost(1.0 / 8))
    context.add(
      "call", "warm call, p99", p99, "µs", beside: "its p50, µs", p50, .ratioAtMost(3))
  }

  private static func call(_ program: String, _ event: [UInt8]) throws {
    let call = try Spawn.run([program], input: event)
    guard call.status == 0, !call.said.isEmpty else {
      throw BenchError(70, "\(program) ended with \(call.status)")
    }
  }

  private static func dispatch(_ functions: StepExecutables, _ event: [UInt8]) throws -> Double {
    guard let id = StepID("chargebee/customer-created") else { return 0 }
    let invocation = Array(#"{"input":"#.utf8) + event.dropLast() + Array("}".utf8)
    return try seconds { _ = try functions.call(id, at: nil, with: invocation) }
  }

  /// The seconds of calls of one process by its pipes, without the first.
  private static func warmTimes(
    _ program: String, _ event: [UInt8], count: Int
  ) throws -> [Double] {
    let worker = try Spawn([program])
    defer { _ = worker.finish() }
    let times = try times(count) { _ in
      worker.write(event)
      guard worker.line() != nil else { throw BenchError(70, "\(program) gave no second reply") }
    }
    return Array(times.dropFirst())
  }

  private static func residentMegabytes(_ program: String, _ event: [UInt8]) throws -> Double {
    let worker = try Spawn([program])
    defer { _ = worker.finish() }
    worker.write(event)
    _ = worker.line()
    return worker.resident("VmHWM") / 1024
  }
}
