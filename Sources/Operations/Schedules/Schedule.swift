import Catalog
public import Setup
public import Values

/// Something that `serve` does at certain times.
public struct Schedule: Sendable {
  /// What is done.
  public enum Work: Sendable, Equatable {
    /// What webhooks did not bring is read.
    case catchUp
    /// The month of the day before is reconciled, in the schedule's zone.
    case reconcile
    /// What the fields of enabled flow connections name is looked up.
    case catalogueCheck
    /// A flow connection is started, by an event whose type is the expression.
    case flow(String)
  }

  /// What is done.
  public let work: Work
  /// When.
  public let times: ScheduleTimes

  /// The name in lists: that of the setting, or `flow/` and the name of the flow connection.
  public var name: String {
    switch work {
    case .catchUp: HomeSetting.catchUp.name
    case .reconcile: HomeSetting.reconcile.name
    case .catalogueCheck: HomeSetting.catalogueCheck.name
    case .flow(let name): "flow/\(name)"
    }
  }

  /// The time that is to be made up now: the last one that passed since the last that was made.
  ///
  /// A schedule begins when it is first seen: nothing before that is made up.
  func due(_ record: ScheduleRecord?, at now: Timestamp) -> Timestamp? {
    record.flatMap { times.due(after: $0.last, at: now) }
  }
}

extension Registry {
  /// The schedules of a home: its settings, and the enabled flow connections that begin with
  /// `meterbridge/scheduled`.
  ///
  /// - Throws: An `io`, `temporary` or `corrupt` problem if the store or a flow cannot be read.
  public func schedules() throws(Problem) -> [Schedule] {
    var schedules: [Schedule] = []
    let settings: [(HomeSetting, Schedule.Work)] = [
      (.catchUp, .catchUp), (.reconcile, .reconcile), (.catalogueCheck, .catalogueCheck),
    ]
    for (setting, work) in settings {
      if let cron = try setting.schedule(in: home) {
        schedules.append(Schedule(work: work, times: .cron(cron)))
      } else if let seconds = try setting.seconds(in: home) {
        schedules.append(Schedule(work: work, times: .every(seconds, try setting.value(in: home))))
      }
    }
    for flow in try flows.connections() where flow.isEnabled {
      guard let part = flow.parts.first, let app = catalog.apps[part.step.app], app.isBuiltIn,
        let field = app.steps[part.step.name]?.fields.first(where: { $0.form == .schedule }),
        let text = part.payload[field.name].string, let cron = try? CronSchedule(text)
      else { continue }
      schedules.append(Schedule(work: .flow(flow.name), times: .cron(cron)))
    }
    return schedules
  }

  /// The schedules as `schedule list --json` shows them, with the last time and the next one.
  public func shownSchedules(at now: Timestamp) throws(Problem) -> [JSON] {
    try schedules().map { (schedule) throws(Problem) in
      let record = try ScheduleRecord.of(schedule, in: home, at: now)
      return .members([
        "name": .string(schedule.name), "schedule": .string(schedule.times.text),
        "next": .text(schedule.times.next(after: record?.last ?? now, at: now)?.text),
        "last": .text(record?.made?.text),
        "said": .text(record?.said), "ok": record?.made.map { _ in .bool(record?.failing == nil) },
      ])
    }
  }
}
