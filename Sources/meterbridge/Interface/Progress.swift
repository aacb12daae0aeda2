import Foundation
import Synchronization
import Values

/// How far long work has come: a line on the terminal that the next output takes away, and nothing where
/// standard error is no terminal.
enum Progress {
  private struct State {
    var isShown = false
    var last: ContinuousClock.Instant?
  }

  private static let state = Mutex(State())

  private static let isWanted =
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Says what is being done now; what comes too fast to be read is left out.
  static func show(_ text: String) {
    guard isWanted else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      guard state.last.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
      state = State(isShown: true, last: now)
      put("\r\u{1B}[K\(text.cut(to: 78))")
    }
  }

  /// Takes the line away, if there is one.
  static func clear() {
    guard isWanted else { return }
    state.withLock { state in
      if state.isShown { put("\r\u{1B}[K") }
      state.isShown = false
    }
  }

  private static func put(_ text: String) {
    // Where it cannot be written nobody looks.
    _ = Array(text.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
