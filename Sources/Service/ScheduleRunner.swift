import Dispatcher
import Foundation
import Operations
import Records
import Setup
import Synchronization
import Values

/// Does what is due by the schedules of a home, while the dispatcher runs.
final class ScheduleRunner: Sendable {
  private let work: ScheduledWork
  private let clock: WallClock
  private let report: @Sendable (LogEntry) -> Void
  private let isOver = DispatchSemaphore(value: 0)
  /// The names of the schedules whose work is under way.
  private let underWay = Mutex<Set<String>>([])

  /// The seconds between two looks.
  private static let look = 5.0

  /// The runner of a home; `report` gets the messages for the operator, and `intake` takes the events.
  init(
    registry: Registry, caller: any StepCaller, intake: Intake, clock: WallClock,
    report: @escaping @Sendable (LogEntry) -> Void
  ) {
    self.clock = clock
    self.report = report
    work = ScheduledWork(registry, caller: caller, intake: intake, clock: clock) { [isOver] in
      // After the end nothing waits any more.
      if isOver.wait(timeout: .now() + $0) == .success { isOver.signal() }
    }
  }

  /// Looks for what is due until ``stop()``.
  func run() {
    repeat {
      lookForDue()
    } while isOver.wait(timeout: .now() + Self.look / clock.speed) == .timedOut
    isOver.signal()
  }

  /// Ends ``run()``; work under way waits for nothing more.
  func stop() { isOver.signal() }

  private func lookForDue() {
    do throws(Problem) {
      for (schedule, time) in try work.due()
      where underWay.withLock({ $0.insert(schedule.name).inserted }) {
        guard case .flow = schedule.work else {
          // It may take as long as the apps do
          Thread { [self] in perform(schedule, time) }.start()
          continue
        }
        perform(schedule, time)
      }
    } catch {
      report(LogEntry(.error, "the schedules cannot be read: \(error)"))
    }
  }

  private func perform(_ schedule: Schedule, _ time: Timestamp) {
    defer { underWay.withLock { _ = $0.remove(schedule.name) } }
    do throws(Problem) {
      let result = try work.perform(schedule, time)
      guard result.isNews || !result.isGood else { return }
      report(
        LogEntry(
          .warning, "\(schedule.name): \(result.said)",
          reason: result.isGood ? nil : result.said))
    } catch {
      report(LogEntry(.error, "\(schedule.name): \(error)", reason: error.description))
    }
  }
}
