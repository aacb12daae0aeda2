import Setup
import Synchronization

/// Slows down those who guess passwords.
///
/// After five failures in a row for a name or from an address each further try must wait, for a time that
/// doubles from 2 s up to 15 minutes. A try counts as a failure until it has succeeded, so that tries at
/// the same time are no way around.
final class Throttle: Sendable {
  private struct Failures {
    var count = 0
    var until = 0.0
  }

  private let failures = Mutex<[String: Failures]>([:])
  private let uptime: @Sendable () -> Double

  init(uptime: @escaping @Sendable () -> Double = WallClock.monotonic) { self.uptime = uptime }

  /// Begins a try for these subjects; returns the seconds that it must wait, or nil if it may be made.
  func begin(_ subjects: [String]) -> Int? {
    let now = uptime()
    return failures.withLock { known in
      let until = subjects.compactMap { known[$0]?.until }.max() ?? 0
      guard until <= now else { return Int((until - now).rounded(.up)) }
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
      return nil
    }
  }

  /// Forgets the failures of a subject that has succeeded.
  func succeed(_ subject: String) { failures.withLock { $0[subject] = nil } }
}
