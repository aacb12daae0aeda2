import HTTPServer
import StepKit
import Synchronization
import Values

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

  struct State {
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
  var current: State { state.withLock { $0 } }
}

extension Metrics {
  /// Notes how far a run was carried.
  func note(_ run: Run, at now: Int) {
    guard run.status == .pending else {
      add(.run(run.status))
      return time(.run, seconds: Double(max(now - run.at.milliseconds, 0)) / 1000)
    }
    if run.attempts > 0 { add(.retry) }
  }

  /// Notes what came of a request.
  func note(_ outcome: Outcome, app: String, seconds: Double) {
    let result =
      switch outcome {
      case .answered(let answer, _): "\((answer.status ?? 0) / 100)xx"
      case .notSent: "not_sent"
      case .inDoubt: "in_doubt"
      }
    add(.request(app: app, result: result))
    time(.request(app: app), seconds: seconds)
  }

  /// Notes how webhooks were answered, with the receipts of those that came as far as that.
  func note(_ responses: [Response], _ receipts: [Intake.Receipt]) {
    var counts: [Count: Int] = [:]
    for receipt in receipts {
      switch receipt {
      case .taken(let runs):
        let outcome = runs.isEmpty ? "unheard" : "taken"
        counts[.event(outcome: outcome, status: 200), default: 0] += 1
      case .duplicate: counts[.event(outcome: "duplicate", status: 200), default: 0] += 1
      case .refused: break
      }
    }
    for response in responses where response.status != 200 {
      counts[.event(outcome: "refused", status: response.status), default: 0] += 1
    }
    add(counts)
  }
}

extension ContinuousClock.Instant {
  /// Seconds since then.
  var seconds: Double { (ContinuousClock.now - self) / .seconds(1) }
}
