import StepKit
public import Values

extension Run {
  /// The log entry for a run that was just executed, if it needs attention.
  public func news(at now: Timestamp) -> LogEntry? {
    func entry(_ level: LogEntry.Level, _ what: String, _ end: String = "") -> LogEntry {
      LogEntry(
        level, "run \(id) of \(flowConnection) \(what)\(reason.map { ": \($0)" } ?? "")\(end)",
        run: id, flowConnection: flowConnection, reason: reason)
    }
    return switch status {
    case .failed:
      entry(.error, "failed", "; `meterbridge run retry \(id)` once its cause is removed")
    case .notSynced:
      entry(.warning, "is not synced", "; `meterbridge run retry \(id)` once its cause is removed")
    case .parked:
      entry(.error, "is parked", "; look in the app, then `meterbridge run settle \(id) EFFECT`")
    case .pending where hasComeToAStop(at: now): entry(.warning, "waits")
    case .success:
      warning.map { warning in
        LogEntry(
          .warning, "run \(id) of \(flowConnection) is done, but \(warning)", run: id,
          flowConnection: flowConnection, reason: warning)
      }
    case .pending, .stopped, .canceled: nil
    }
  }

  /// Whether it began to wait for a person just now.
  private func hasComeToAStop(at now: Timestamp) -> Bool {
    guard waitsForSomebody, let last = log.last else { return false }
    return now.milliseconds - last.at.milliseconds < 1000
  }

  /// Whether it waits until a person does something.
  public var waitsForSomebody: Bool { waitsFor == .person }
}
