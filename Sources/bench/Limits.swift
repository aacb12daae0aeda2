import Dispatcher
import Foundation
import Records

/// Ten thousand runs that wait for a rate limit.
enum Limits {
  private static let runs = 10_000
  private static let perMinute = 600
  private static let length = 125.0

  static func measure(_ context: BenchContext) throws {
    let free = try bytes(ofRunsWithoutLimit: context)
    let (steps, server) = (StandInSteps(), StandInServer())
    let home = try WaitingHome(context, "limits", steps, server)
    defer { home.stop() }
    try home.connect("slow", action: "togai/update-customer", port: 2, perMinute: perMinute)
    let waiting = try home.take(runs, of: "slow")
    let start = now()
    let written = Self.written
    home.scheduler.add(waiting)
    while steps.calls < 2 * runs, now() - start < 60 { usleep(10_000) }
    let settled = now()
    let cpu = Self.cpu
    while now() - start < length { usleep(100_000) }
    let used = (Self.cpu - cpu) / (now() - settled) * 100
    let requests = server.requests
    let ended = runs - home.scheduler.count
    context.add("limits", "CPU while 10,000 runs wait", [used], "%", .atMost(2))
    context.add(
      "limits", "calls of steps, of those needed", [Double(steps.calls) / Double(2 * runs + ended)],
      "", .atMost(1.1))
    context.add(
      "limits", "bytes written for a run", [Double(Self.written - written) / Double(runs)], "bytes",
      beside: "without a limit, bytes", [free], .ratioAtMost(2))
    // The first minute begins with a burst, which is within the limit too.
    let minute = requests.filter { $0 >= start + 60 && $0 < start + 120 }.count
    context.add(
      "limits", "requests in a minute, of those allowed", [Double(minute) / Double(perMinute)], "",
      .atLeast(0.98))
    context.add("limits", "the most in any 60 s", [Double(most(requests))], "", .atMost(600))
  }

  private static func bytes(ofRunsWithoutLimit context: BenchContext) throws -> Double {
    let home = try WaitingHome(context, "limits-free", StandInSteps(), StandInServer())
    defer { home.stop() }
    try home.connect("free", action: "togai/update-customer", port: 2)
    let free = try home.take(runs, of: "free")
    let written = Self.written
    home.scheduler.add(free)
    guard home.scheduler.waitUntilIdle(within: 300) else { throw BenchError(70, "no end") }
    return Double(Self.written - written) / Double(runs)
  }

  private static func most(_ times: [Double]) -> Int {
    var (most, first) = (0, 0)
    for (index, time) in times.sorted().enumerated() {
      while times[first] <= time - 60 { first += 1 }
      most = max(most, index - first + 1)
    }
    return most
  }

  /// The bytes that this process has written, by write(2) and the like.
  private static var written: Int {
    let line = Machine.text("/proc/self/io").split(separator: "\n").first { $0.hasPrefix("wchar") }
    return line.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) } ?? 0
  }

  private static var cpu: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let times = [usage.ru_utime, usage.ru_stime]
    return times.reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
  }
}
