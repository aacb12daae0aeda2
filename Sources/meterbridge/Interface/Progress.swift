import Foundation
import Synchronization
import Values

/// A progress line on the terminal, which the next output erases.
///
/// Nothing is shown if standard error is
/// not a terminal.
enum Progress {
  private struct State {
    var isShown = false
    var last: ContinuousClock.Instant?
  }

  private static let state = Mutex(State())

  private static let isWanted =
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Shows a text, at most every 100 ms.
  static func show(_ text: @autoclosure () -> String) {
    guard isWanted else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      guard state.last.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
      state = State(isShown: true, last: now)
      put("\r\u{1B}[K\(text().displayed().truncated(to: 78))")
    }
  }

  /// Erases the line.
  static func clear() {
    guard isWanted else { return }
    state.withLock { state in
      if state.isShown { put("\r\u{1B}[K") }
      state.isShown = false
    }
  }

  private static func put(_ text: String) {
    // A terminal that cannot be written to has no reader
    _ = Array(text.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
