import Step

extension Run {
  /// What the person who runs the dispatcher is told of a run that was carried just now: that it waits
  /// for somebody, or failed.
  func news(at now: Timestamp) -> String? {
    let reason = reason.map { ": \($0)" } ?? ""
    return switch status {
    case .failed: "run \(id) of \(flowConnection) failed\(reason)"
    case .parked: "run \(id) of \(flowConnection) is parked\(reason); `meterbridge run settle`"
    case .pending where hasComeToAStop(at: now): "run \(id) of \(flowConnection) waits\(reason)"
    case .pending, .success, .stopped: nil
    }
  }

  /// Whether it waits since now, and not for another try: its connection is paused, or its flow is.
  private func hasComeToAStop(at now: Timestamp) -> Bool {
    guard attempts == 0, let last = log.last, last.name == "\(stepName) Waits" else { return false }
    return now.milliseconds - last.at.milliseconds < 1000
  }
}
