public import Catalog
public import Records
public import Values

/// Measures the work of a dispatcher; all members may be called by any number of threads.
public protocol Instruments: Sendable {
  /// Measures one call of a step.
  func stepCalled(_ step: StepID, seconds: Double)

  /// Measures one request to an app; the result is the class of the status, such as `2xx`, `not_sent`
  /// or `in_doubt`.
  func requestSent(to app: String, result: String, seconds: Double)

  /// Counts a run that was executed until it ended or had to wait.
  func runExecuted(_ run: Run, at now: Timestamp)

  /// Counts the answers to webhooks; the outcome is `taken`, `unheard`, `duplicate`, `unreadable` or
  /// `refused`.
  func webhooksAnswered(_ answers: [(outcome: String, status: Int)])

  /// Counts a webhook that was refused, or kept since it could not be read.
  func webhookRefused(_ reason: String, at now: Timestamp)
}
