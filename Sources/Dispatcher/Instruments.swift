public import Catalog
public import Records
public import Values

/// Counts and times what a dispatcher does.
public protocol Instruments: Sendable {
  /// A call of a step took so many seconds.
  func stepCalled(_ step: StepID, seconds: Double)

  /// A request to an app took so many seconds and came to a result: the class of the status, such as
  /// `2xx`, or `not_sent` or `in_doubt`.
  func requestSent(to app: String, result: String, seconds: Double)

  /// A run was carried until it ended or must wait.
  func runCarried(_ run: Run, at now: Timestamp)

  /// Webhooks were answered, each with a status; the outcome is `taken`, `unheard`, `duplicate` or
  /// `refused`.
  func webhooksAnswered(_ answers: [(outcome: String, status: Int)])
}

/// Instruments that show nothing.
public struct NoInstruments: Instruments {
  /// Nothing to show.
  public init() {}

  /// Ignored.
  public func stepCalled(_ step: StepID, seconds: Double) {}
  /// Ignored.
  public func requestSent(to app: String, result: String, seconds: Double) {}
  /// Ignored.
  public func runCarried(_ run: Run, at now: Timestamp) {}
  /// Ignored.
  public func webhooksAnswered(_ answers: [(outcome: String, status: Int)]) {}
}
