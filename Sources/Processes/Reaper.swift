import Dispatch

/// Ends processes that have answered, in the background.
enum Reaper {
  private struct Handed: @unchecked Sendable {
    /// Only the closure that gets it uses it.
    let process: PipedProcess
  }

  /// Kills a process that nobody else uses any more, at once, and reaps it in the background.
  static func end(_ process: PipedProcess) {
    // This process may end before the closure runs.
    process.kill()
    let handed = Handed(process: process)
    DispatchQueue.global().async { _ = handed.process.end() }
  }
}
