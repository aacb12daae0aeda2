import Dispatcher
import Foundation
import Operations
import Records
import Setup
import Values

/// Reads what webhooks did not bring, as often as the setting `catchUp` says, while the dispatcher runs.
final class CatchUpSchedule: Sendable {
  private let registry: Registry
  private let catchUp: CatchUp
  private let clock: WallClock
  private let report: @Sendable (LogEntry) -> Void
  private let isOver = DispatchSemaphore(value: 0)

  /// The seconds after which a change of the setting is noticed.
  private static let look = 5.0

  /// The schedule of a home; `report` gets the messages for the operator, and `intake` takes the events.
  init(
    registry: Registry, caller: any StepCaller, intake: Intake, clock: WallClock,
    report: @escaping @Sendable (LogEntry) -> Void
  ) {
    self.registry = registry
    self.clock = clock
    self.report = report
    catchUp = CatchUp(registry, caller: caller, intake: intake, clock: clock) { [isOver] seconds in
      // After the end nothing waits any more.
      if isOver.wait(timeout: .now() + seconds) == .success { isOver.signal() }
    }
  }

  /// Reads until ``stop()``.
  func run() {
    var next: Double?
    repeat {
      let interval = try? HomeSetting.catchUp.seconds(in: registry.home)
      if let interval, next ?? 0 <= clock.uptime() {
        readAll()
        next = clock.uptime() + Double(interval)
      }
      if interval == nil { next = nil }
    } while isOver.wait(timeout: .now() + Self.look / clock.speed) == .timedOut
  }

  /// Ends ``run()`` after the request under way.
  func stop() { isOver.signal() }

  private func readAll() {
    do throws(Problem) {
      for plan in try PollPlan.all(registry) { read(plan) }
    } catch {
      report(LogEntry(.error, "what webhooks did not bring cannot be read: \(error)"))
    }
  }

  private func read(_ plan: PollPlan) {
    do throws(Problem) {
      let result = try catchUp.read(plan)
      guard result.runs > 0 else { return }
      report(
        LogEntry(
          .warning,
          "\(result.account): webhooks had not brought \(result.new) events, which started"
            + " \(result.runs) runs; see `meterbridge webhook status`"))
    } catch {
      report(
        LogEntry(
          .warning, "\(plan.step) of \(plan.connection.scope) cannot be read: \(error)",
          reason: error.description))
    }
  }
}
