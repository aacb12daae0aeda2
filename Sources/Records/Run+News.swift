import StepKit
public import Values

extension Run {
  /// What the person who runs the dispatcher is told of a run that was carried just now: that it waits
  /// for somebody, or failed.
  public func news(at now: Timestamp) -> String? {
    let reason = reason.map { ": \($0)" } ?? ""
    return switch status {
    case .failed: "run \(id) of \(flowConnection) failed\(reason)"
    case .parked: "run \(id) of \(flowConnection) is parked\(reason); `meterbridge run settle`"
    case .pending where hasComeToAStop(at: now): "run \(id) of \(flowConnection) waits\(reason)"
    case .pending, .success, .stopped: nil
    }
  }

  /// Whether it waits for somebody since now.
  private func hasComeToAStop(at now: Timestamp) -> Bool {
    guard waitsForSomebody, let last = log.last else { return false }
    return now.milliseconds - last.at.milliseconds < 1000
  }

  /// Whether it waits until a person does something: its connection is paused, or its flow is.
  public var waitsForSomebody: Bool {
    status == .pending && attempts == 0 && log.last?.name == "\(stepName) Waits"
  }
}
