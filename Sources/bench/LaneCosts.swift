import Foundation
import Lanes
import Records
import Values

/// What the queue of lanes costs for each event, whatever waits in it.
enum LaneCosts {
  private static let events = 100_000

  static func measure(_ context: BenchContext) throws {
    var (alone, deep, wide): ([Double], [Double], [Double]) = ([], [], [])
    for _ in 0..<context.rounds {
      alone.append(cost(waiting: 1) { _ in "lane" })
      deep.append(cost(waiting: events) { _ in "lane" })
      wide.append(cost(waiting: events) { "lane \($0)" })
    }
    context.add(
      "lanes", "event in a lane with 100,000 waiting", deep, "ns", beside: "alone in it, ns", alone,
      .ratioAtMost(3))
    context.add(
      "lanes", "event among 100,000 lanes", wide, "ns", beside: "in one, ns", alone,
      .ratioAtMost(3))
  }

  /// Nanoseconds to add, claim and end an event while a number of others waits.
  private static func cost(waiting: Int, lane: (Int) -> String) -> Double {
    let now = Timestamp(seconds: 1_800_000_000)
    let runs = (0..<waiting + events).map { number in
      Run(
        id: "run \(number)", flowConnection: "f", event: "event/a/\(number)", lane: lane(number),
        at: now)
    }
    var queue = LaneQueue()
    for run in runs.prefix(waiting) { queue.add(run) }
    let seconds = seconds {
      for run in runs.dropFirst(waiting) {
        queue.add(run)
        if let claim = queue.claimDue(at: now) { queue.release(claim, .ended, at: now) }
      }
    }
    return seconds / Double(events) * 1e9
  }
}
