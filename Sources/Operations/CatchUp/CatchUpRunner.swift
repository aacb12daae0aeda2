public import Dispatcher
import Foundation
public import Setup
import Synchronization
public import Values

/// Reads what webhooks did not bring on a thread of its own, one time at a time.
public final class CatchUpRunner: Sendable {
  /// How far it is.
  public struct Progress: Sendable {
    /// From when on it reads; nil for what is new.
    public let since: Timestamp?
    /// Until when; nil for now.
    public let until: Timestamp?
    /// When it began.
    public let at: Timestamp
    /// Who asked for it.
    public let by: String
    /// Whether it has not ended.
    public fileprivate(set) var isRunning = true
    /// What each poll has brought so far.
    public fileprivate(set) var results: [CatchUpResult] = []
    /// Why polls could not be read.
    public fileprivate(set) var failures: [String] = []

    /// The progress as it is shown.
    public var json: JSON {
      .members([
        "since": .text(since?.text), "until": .text(until?.text), "at": .string(at.text),
        "by": .string(by), "running": .bool(isRunning), "results": .array(results.map(\.json)),
        "failures": .texts(failures),
      ])
    }
  }

  private let registry: Registry
  private let caller: any StepCaller
  private let clock: WallClock
  private let current = Mutex<Progress?>(nil)

  /// A runner of a home.
  public init(_ registry: Registry, caller: any StepCaller, clock: WallClock) {
    (self.registry, self.caller, self.clock) = (registry, caller, clock)
  }

  /// The last one since the process began; it may be under way.
  public var progress: Progress? { current.withLock { $0 } }

  /// Begins to read the accounts of a connection, or of all.
  ///
  /// - Throws: A `refused` problem if it is reading; `usage` for an end without a start or before it;
  ///   `noInput` if there is nothing to read.
  public func start(
    connection name: String? = nil, since: Timestamp? = nil, until: Timestamp? = nil,
    by person: String
  ) throws(Problem) -> Progress {
    let plans = try PollPlan.all(registry, connection: name)
    guard !plans.isEmpty else { throw PollPlan.nothingToRead }
    if let until {
      guard let since, since < until else {
        throw Problem(.usage, "an end needs a start before it")
      }
    }
    let made = Progress(since: since, until: until, at: clock.now(), by: person)
    let isFree = current.withLock { current in
      guard current?.isRunning != true else { return false }
      current = made
      return true
    }
    guard isFree else {
      throw Problem(.refused, "another catch-up is under way: wait until it has ended")
    }
    Thread { [self] in work(plans, made) }.start()
    return made
  }

  private func work(_ plans: [PollPlan], _ asked: Progress) {
    let catchUp = CatchUp(
      registry, caller: caller, intake: Intake(registry: registry, person: asked.by), clock: clock
    ) { Thread.sleep(forTimeInterval: $0) }
    for plan in plans {
      do throws(Problem) {
        let result: CatchUpResult
        if let since = asked.since, let until = asked.until {
          result = try catchUp.read(plan, since: since, until: until, show: keep)
        } else {
          result = try catchUp.read(plan, since: asked.since, show: keep)
        }
        keep(result)
      } catch {
        // The other accounts are read all the same
        let words = "\(plan.step) of \(plan.connection.scope): \(error)"
        current.withLock { $0?.failures.append(words) }
      }
    }
    current.withLock { $0?.isRunning = false }
  }

  private func keep(_ result: CatchUpResult) {
    current.withLock { current in
      current?.results.removeAll { $0.step == result.step && $0.account == result.account }
      current?.results.append(result)
    }
  }
}
