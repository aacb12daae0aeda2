import Foundation
import Sandbox
import Stage
import Synchronization

/// Kills a dispatcher at each deed of the three flows, in each combination, and says what was lost or
/// doubled.
///
///     swift run -c release Crashes [EVERY]
///
/// `EVERY` tries each so-many-th death only. The exit status is 0 if nothing was lost or doubled.
@main
enum Crashes {
  static func main() throws {
    let every = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1
    let tally = Tally()
    for fault in Crash.faults {
      for gap in [0, 31 * 60] {
        let deeds = try deaths(every: every, fault: fault, gap: gap, tally)
        print("APIs \(fault.map { "\($0)" } ?? "well"), back after \(gap) s: \(deeds) deaths")
      }
    }
    print("\(tally.tried) combinations, \(tally.wrong) with something lost or doubled")
    exit(tally.wrong == 0 ? 0 : 1)
  }

  /// One death after another, two dispatchers at a time, until one has too few deeds to die of.
  private static func deaths(
    every: Int, fault: Misdeed.Kind?, gap: Int, _ tally: Tally
  ) throws -> Int {
    let next = Atomic(1)
    let survived = Atomic(false)
    let died = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 2) { _ in
      while !survived.load(ordering: .relaxed) {
        let deed = next.add(every, ordering: .relaxed).oldValue
        let crash = Crash(deed: deed, fault: fault, gap: gap)
        do {
          let outcome = try crash.play()
          if outcome.hasDied { died.add(1, ordering: .relaxed) }
          if !outcome.hasDied { survived.store(true, ordering: .relaxed) }
          tally.add(outcome.wrongs, crash)
        } catch {
          tally.add(["\(error)"], crash)
        }
      }
    }
    return died.load(ordering: .relaxed)
  }
}

/// What was tried and what went wrong.
final class Tally: Sendable {
  private let counts = Mutex((tried: 0, wrong: 0))

  var tried: Int { counts.withLock { $0.tried } }
  var wrong: Int { counts.withLock { $0.wrong } }

  func add(_ wrongs: [String], _ crash: Crash) {
    counts.withLock { counts in
      counts.tried += 1
      if !wrongs.isEmpty { counts.wrong += 1 }
    }
    if !wrongs.isEmpty { print("\(crash): \(wrongs.joined(separator: "; "))") }
  }
}
