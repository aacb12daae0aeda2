import Catalog
public import Dispatcher
import Foundation
import Records
public import Setup
import Store
public import Values

/// Does what is due by the schedules of a home.
public struct ScheduledWork: Sendable {
  private let registry: Registry
  private let caller: any StepCaller
  private let intake: Intake
  private let clock: WallClock
  private let sleep: @Sendable (Double) -> Void

  /// The work of a home, whose events an intake takes; `sleep` waits a number of seconds for an API.
  public init(
    _ registry: Registry, caller: any StepCaller, intake: Intake, clock: WallClock,
    sleep: @escaping @Sendable (Double) -> Void
  ) {
    (self.registry, self.caller, self.intake) = (registry, caller, intake)
    (self.clock, self.sleep) = (clock, sleep)
  }

  /// The schedules that are due, with the time of each; one that is seen first begins now, and one that is
  /// switched off is forgotten.
  public func due() throws(Problem) -> [(schedule: Schedule, time: Timestamp)] {
    let now = clock.now()
    var found: [(schedule: Schedule, time: Timestamp)] = []
    var changes: [Change] = []
    let schedules = try registry.schedules()
    let keys = Set(schedules.map(ScheduleRecord.key))
    for (key, _) in try registry.home.documents(below: StoreKey.schedule.prefix)
    where !keys.contains(key) { changes.append(.remove(key)) }
    for schedule in schedules {
      if schedule.work == .catchUp { try beginToRead() }
      let record = try ScheduleRecord.of(schedule, in: registry.home, at: now)
      if let time = schedule.due(record, at: now) {
        found.append((schedule, time))
      } else if record == nil {
        let begun = ScheduleRecord(schedule, from: now)
        changes.append(.put(ScheduleRecord.key(schedule), begun.json))
      }
    }
    if !changes.isEmpty { _ = try registry.home.commit(changes) }
    return found
  }

  /// Does the work of a schedule for a time, and keeps what came of it.
  ///
  /// If the process ends before, the same time is due at the next start.
  public func perform(_ schedule: Schedule, _ time: Timestamp) throws(Problem) -> ScheduleResult {
    var result: ScheduleResult
    do throws(Problem) {
      result = try self.result(of: schedule, time)
    } catch {
      // A flow's event is taken later: it must not be lost
      if case .flow = schedule.work { throw error }
      result = ScheduleResult(said: error.description, isGood: false)
    }
    let home = registry.home
    var record =
      try ScheduleRecord.of(schedule, in: home, at: clock.now())
      ?? ScheduleRecord(schedule, from: time)
    record.note(result, of: time, at: clock.now())
    _ = try home.commit([.put(ScheduleRecord.key(schedule), record.json)])
    return result
  }

  private func result(
    of schedule: Schedule, _ time: Timestamp
  ) throws(Problem) -> ScheduleResult {
    switch (schedule.work, schedule.times) {
    case (.catchUp, _): try readAll()
    case (.catalogueCheck, _): try checkCatalogue()
    case (.reconcile, .cron(let cron)): try reconcile(cron.zone, time)
    case (.flow(let name), .cron(let cron)): try start(name, cron, time)
    case (.reconcile, .every), (.flow, .every):
      throw Problem(.configuration, "\(schedule.name) needs a cron expression")
    }
  }

  private func start(
    _ flow: String, _ times: CronSchedule, _ time: Timestamp
  ) throws(Problem) -> ScheduleResult {
    let body: JSON = [
      "id": .string("\(times.text) \(time.text)"), "type": .string(times.text),
      "at": .string(time.text), "schedule": .string(times.text), "zone": .string(times.zone),
    ]
    if case .refused(let problem) = intake.take(body, from: try registry.connections.builtIn()) {
      throw problem
    }
    return ScheduleResult(said: "started \(flow)", isGood: true)
  }

  private var catchUp: CatchUp {
    CatchUp(registry, caller: caller, intake: intake, clock: clock, pause: sleep)
  }

  /// Begins the polls that were not read yet: what happens from now on is read at the next time.
  private func beginToRead() throws(Problem) {
    for plan in try PollPlan.all(registry) where try plan.cursor(in: registry.home) == nil {
      _ = try catchUp.read(plan)
    }
  }

  /// Reads all accounts; one that cannot be read does not keep the others from it, and needs attention
  /// after an hour, see ``FailedCatchUps``.
  private func readAll() throws(Problem) -> ScheduleResult {
    var said: [String] = []
    for plan in try PollPlan.all(registry) {
      do throws(Problem) {
        let result = try catchUp.read(plan)
        guard result.runs > 0 else { continue }
        said.append(
          "\(result.account): webhooks had not brought \(result.new) events, which started"
            + " \(result.runs) runs; see `meterbridge webhook status`")
      } catch {
        said.append("\(plan.step) of \(plan.connection.scope) cannot be read: \(error)")
      }
    }
    guard !said.isEmpty else { return ScheduleResult(said: "nothing was missing", isGood: true) }
    return ScheduleResult(said: said.joined(separator: "; "), isGood: true, isNews: true)
  }

  private func reconcile(_ name: String, _ time: Timestamp) throws(Problem) -> ScheduleResult {
    guard let zone = TimeZone(identifier: name) else {
      throw Problem(.configuration, "there is no time zone \(name)")
    }
    let period = try Period(monthOf: time.adding(seconds: -86_400), in: zone)
    let reconciler = Reconciler(registry, caller: caller, clock: clock, pause: sleep)
    let pairs = try reconciler.pairs(flowConnection: nil)
    guard !pairs.isEmpty else { throw Reconciler.nothingToCompare }
    let store = ReconciliationStore(home: registry.home)
    let kept = try store.begin(period, by: "schedule", at: clock.now())
    do throws(Problem) {
      let reports = try pairs.map { (pair) throws(Problem) in
        try reconciler.reconcile(pair, period) { _ in }
      }
      let ended = try store.end(kept, with: reports, at: clock.now())
      let verdicts = ended.results.map(\.verdict).joined(separator: " ")
      return ScheduleResult(said: "\(period.text): \(verdicts)", isGood: ended.state == .agrees)
    } catch {
      try store.fail(kept, error.description, at: clock.now())
      throw error
    }
  }

  private func checkCatalogue() throws(Problem) -> ScheduleResult {
    var wrong: [String] = []
    var right = 0
    for flow in try registry.flows.connections() where flow.isEnabled {
      let check = try registry.examine(fieldsOf: flow, clock: clock)
      right += check.findings.filter(\.isGood).count
      let bad = check.findings.filter { !$0.isGood }.map { "\($0.subject) \($0.words)" }
      wrong += (bad + check.unknown).map { "\(flow.name): \($0)" }
    }
    guard let first = wrong.first else {
      return ScheduleResult(said: "all \(right) named things are there", isGood: true)
    }
    let others = wrong.count == 1 ? "" : ", and \(wrong.count - 1) more"
    return ScheduleResult(said: first + others, isGood: false)
  }
}
