import Setup
import Synchronization

/// Slows down those who guess passwords.
///
/// After five failures in a row for a name or from an address each further try must wait, for a time that
/// doubles from 2 s up to 15 minutes.
final class Throttle: Sendable {
  private struct Failures {
    var count = 0
    var until = 0.0
  }

  private let failures = Mutex<[String: Failures]>([:])
  private let uptime: @Sendable () -> Double

  init(uptime: @escaping @Sendable () -> Double = WallClock.monotonic) { self.uptime = uptime }

  /// The seconds that a try for any of these subjects must wait; nil if it may be made.
  func wait(for subjects: [String]) -> Int? {
    let now = uptime()
    let until = failures.withLock { known in subjects.compactMap { known[$0]?.until }.max() ?? 0 }
    return until > now ? Int((until - now).rounded(.up)) : nil
  }

  /// Notes a failed try.
  func fail(_ subjects: [String]) {
    let now = uptime()
    failures.withLock { known in
      // Guesses of many names must not fill the memory
      if known.count > 10_000 { known = known.filter { $0.value.until > now } }
      for subject in subjects {
        var entry = known[subject] ?? Failures()
        entry.count += 1
        if entry.count >= 5 {
          entry.until = now + min(Double(1 << min(entry.count - 4, 10)), 900)
        }
        known[subject] = entry
      }
    }
  }

  /// Forgets the failures of a subject that has succeeded.
  func succeed(_ subject: String) { failures.withLock { $0[subject] = nil } }
}
