import Foundation
import Synchronization

/// The numbers of trials and of those with violations.
final class Tally: Sendable {
  private let counts = Mutex((tried: 0, wrong: 0))

  var tried: Int { counts.withLock { $0.tried } }
  var wrong: Int { counts.withLock { $0.wrong } }

  /// Counts a trial, and prints its violations.
  func add(_ violations: [String], _ what: @autoclosure () -> String) {
    counts.withLock { counts in
      counts.tried += 1
      if !violations.isEmpty { counts.wrong += 1 }
    }
    guard !violations.isEmpty else { return }
    print("\(what()): \(violations.joined(separator: "; "))")
    fflush(nil)
  }

  /// Adds the numbers of another tally.
  func add(_ other: Tally) {
    let (tried, wrong) = (other.tried, other.wrong)
    counts.withLock { counts in
      counts.tried += tried
      counts.wrong += wrong
    }
  }

  /// Prints the numbers so far.
  func printProgress(_ what: String) {
    print("\(what): \(tried) tried so far, \(wrong) went wrong")
    fflush(nil)
  }

  /// Runs trials on twelve threads; an error counts as a violation.
  static func times(
    _ count: Int, _ what: String, _ body: @escaping @Sendable (Int) throws -> [String]
  ) -> Tally {
    let tally = Tally()
    let next = Atomic(0)
    let group = DispatchGroup()
    for _ in 0..<12 {
      group.enter()
      let thread = Thread {
        while true {
          let number = next.add(1, ordering: .relaxed).oldValue
          guard number < count else { break }
          do {
            tally.add(try body(number), "\(what) \(number)")
          } catch {
            tally.add(["\(error)"], "\(what) \(number)")
          }
          if (number + 1).isMultiple(of: 500) { tally.printProgress(what) }
        }
        group.leave()
      }
      thread.stackSize = 4 << 20
      thread.start()
    }
    group.wait()
    return tally
  }
}
