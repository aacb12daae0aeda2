public import Catalog
public import Dispatcher
import HTTPServer
public import Records
import StepKit
import Synchronization
public import Values

/// What a dispatcher counts and times while it works: in memory, so nothing of it is written or waits.
public final class Metrics: Sendable {
  /// What is counted.
  enum Count: Hashable {
    /// A webhook, by what it was answered.
    case event(outcome: String, status: Int)
    /// A run that came to its end.
    case run(Run.Status)
    /// A run that must be tried again.
    case retry
    /// A request to an app, by the first digit of the answer or by what came instead of one.
    case request(app: String, result: String)
  }

  /// What is timed.
  enum Timing: Hashable {
    /// A run, from its event to its end.
    case run
    /// A request to an app.
    case request(app: String)
    /// A call of a step.
    case call(step: String)

    var bounds: [Double] {
      if case .call = self { Histogram.calls } else { Histogram.requests }
    }
  }

  /// Counts and timings at one moment.
  public struct State {
    var counts: [Count: Int] = [:]
    var timings: [Timing: Histogram] = [:]
  }

  private let state = Mutex(State())

  /// Nothing yet.
  public init() {}

  /// Counts things.
  func add(_ counts: [Count: Int]) {
    state.withLock { $0.counts.merge(counts, uniquingKeysWith: +) }
  }

  /// Counts one thing.
  func add(_ count: Count) { state.withLock { $0.counts[count, default: 0] += 1 } }

  /// Notes how long something took.
  func time(_ timing: Timing, seconds: Double) {
    state.withLock {
      $0.timings[timing, default: Histogram(bounds: timing.bounds)].add(seconds)
    }
  }

  /// All that was counted and timed up to now.
  public var current: State { state.withLock { $0 } }
}

extension Metrics: Instruments {
  /// Times a call.
  public func stepCalled(_ step: StepID, seconds: Double) {
    time(.call(step: step.description), seconds: seconds)
  }

  /// Counts and times a request.
  public func requestSent(to app: String, result: String, seconds: Double) {
    add(.request(app: app, result: result))
    time(.request(app: app), seconds: seconds)
  }

  /// Counts a run that ended, with the time since its event, or one that must be tried again.
  public func runExecuted(_ run: Run, at now: Timestamp) {
    guard run.status == .pending else {
      add(.run(run.status))
      let milliseconds = max(now.milliseconds - run.at.milliseconds, 0)
      return time(.run, seconds: Double(milliseconds) / 1000)
    }
    if run.attempts > 0 { add(.retry) }
  }

  /// Counts webhooks.
  public func webhooksAnswered(_ answers: [(outcome: String, status: Int)]) {
    var counts: [Count: Int] = [:]
    for (outcome, status) in answers {
      counts[.event(outcome: outcome, status: status), default: 0] += 1
    }
    add(counts)
  }
}
