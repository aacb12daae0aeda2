public import Catalog
public import Dispatcher
import HTTPServer
public import Records
import Setup
import StepKit
import Synchronization
public import Values

/// The counts and timings of a dispatcher, in memory.
public final class Metrics: Sendable {
  /// A counter.
  enum Count: Hashable {
    /// Webhooks by the answer to them.
    case event(outcome: String, status: Int)
    /// Ended runs.
    case run(Run.Status)
    /// Failed attempts at runs.
    case retry
    /// Requests to an app by the class of the status, or by what came instead.
    case request(app: String, result: String)
  }

  /// A timer.
  enum Timing: Hashable {
    /// Runs, from the event to the end.
    case run
    /// Requests to an app.
    case request(app: String)
    /// Calls of a step.
    case call(step: String)

    var bounds: [Double] {
      if case .call = self { Histogram.calls } else { Histogram.requests }
    }
  }

  /// Counts and timings at one moment.
  public struct State {
    var counts: [Count: Int] = [:]
    var timings: [Timing: Histogram] = [:]
    var refusals: [String: WebhookCounts.Refusal] = [:]
  }

  /// When counting began.
  private let began = WallClock.system.now()

  private let state = Mutex(State())

  /// Creates metrics that are all zero.
  public init() {}

  /// Adds to counters.
  func add(_ counts: [Count: Int]) {
    state.withLock { $0.counts.merge(counts, uniquingKeysWith: +) }
  }

  /// Increments a counter.
  func add(_ count: Count) { state.withLock { $0.counts[count, default: 0] += 1 } }

  /// Adds a duration.
  func time(_ timing: Timing, seconds: Double) {
    state.withLock {
      $0.timings[timing, default: Histogram(bounds: timing.bounds)].add(seconds)
    }
  }

  /// The present counts and timings.
  public var current: State { state.withLock { $0 } }

  /// What came of webhooks so far.
  public var webhooks: WebhookCounts { WebhookCounts(current, since: began) }
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

  /// Counts an ended run with its duration, or a failed attempt.
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

  /// Counts a refused webhook by its reason.
  public func webhookRefused(_ reason: String, at now: Timestamp) {
    state.withLock { state in
      // Some reasons name a place in the body, of which there are many
      let isKnown = state.refusals[reason] != nil || state.refusals.count < 100
      let reason = isKnown ? reason : "other reasons"
      state.refusals[reason, default: .init(reason: reason, last: now)].add(at: now)
    }
  }
}
