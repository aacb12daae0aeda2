import Dispatch

/// Ends processes that have answered, in the background.
enum Reaper {
  private struct Handed: @unchecked Sendable {
    /// Only the closure that gets it uses it.
    let process: PipedProcess
  }

  /// Kills and reaps a process that nobody else uses any more.
  static func end(_ process: PipedProcess) {
    let handed = Handed(process: process)
    DispatchQueue.global().async { _ = handed.process.end() }
  }
}
