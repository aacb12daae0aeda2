import Foundation
import Synchronization

/// What was tried and what went wrong.
final class Tally: Sendable {
  private let counts = Mutex((tried: 0, wrong: 0))

  var tried: Int { counts.withLock { $0.tried } }
  var wrong: Int { counts.withLock { $0.wrong } }

  /// Notes a try, and says what went wrong.
  func add(_ wrongs: [String], _ what: @autoclosure () -> String) {
    counts.withLock { counts in
      counts.tried += 1
      if !wrongs.isEmpty { counts.wrong += 1 }
    }
    guard !wrongs.isEmpty else { return }
    print("\(what()): \(wrongs.joined(separator: "; "))")
    fflush(nil)
  }

  /// Counts in what another counted.
  func add(_ other: Tally) {
    let (tried, wrong) = (other.tried, other.wrong)
    counts.withLock { counts in
      counts.tried += tried
      counts.wrong += wrong
    }
  }

  /// Says how far it has come.
  func tell(_ what: String) {
    print("\(what): \(tried) tried so far, \(wrong) went wrong")
    fflush(nil)
  }

  /// Does something so many times, a dozen at a time, and notes each; an error is something wrong.
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
          if (number + 1).isMultiple(of: 500) { tally.tell(what) }
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
