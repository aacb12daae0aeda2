import Setup
import Synchronization
import Values

@testable import Requests

/// A rate limit that permits nothing until it is opened, and then everything.
final class Turnstile: RequestLimiter {
  private struct State {
    var asked = 0
    var isOpen = false
  }

  private let state = Mutex(State())

  /// How often it was asked.
  var asked: Int { state.withLock { $0.asked } }

  func open() { state.withLock { $0.isOpen = true } }

  func wait(for connection: Connection, now: Timestamp) throws(Problem) -> Timestamp? {
    state.withLock { state in
      state.asked += 1
      return state.isOpen ? nil : now.adding(seconds: 1)
    }
  }
}
