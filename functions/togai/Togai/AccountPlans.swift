import StepKit
import Values

/// The price plans of type BILLING of an account, brought to what subscriptions of its customer are for.
struct AccountPlans {
  let account: String
  /// The app that has the subscriptions.
  let app: String
  /// The id of the subscription that changed.
  let changed: String
  /// Every price plan that the flow names; others are left alone.
  let managed: [String]
  /// The items that have a price plan of type BILLING, and those of subscriptions that do not run any more.
  let items: [SubscribedPlan]
  let dates: PlanDates
  let answers: [String: Answer]

  /// The links of what is associated, and notes of what was changed.
  func results() throws(Halt) -> (links: [Effect], notes: [String]) {
    let periods = try periods()
    let before = try PlanSchedule.read("schedules", account: account, answers)
    var notes: [String] = []
    for (index, period) in periods.enumerated() where !isGiven(period, by: before) {
      if let note = try associate(period, index) { notes.append(note) }
    }
    let links = periods.flatMap { period in
      period.subscriptions.distinctByBytes.map { link($0, period.plan) }
    }
    if !notes.isEmpty { try answers.keep(links, as: "kept") }
    let after =
      notes.isEmpty
      ? before : try PlanSchedule.read("schedules-after", account: account, answers)
    for (index, schedule) in after.enumerated() {
      guard let date = try end(of: schedule, index, periods) else { continue }
      if let note = try end(schedule, on: date, index) { notes.append(note) }
    }
    return (links, notes)
  }

  // MARK: Private

  private func periods() throws(Halt) -> [PlanPeriod] {
    var wanted: [PlanPeriod] = []
    for item in items where item.subscription.isAlive {
      let one = item.subscription
      let thing = "subscription \(one.id.truncated(to: 60))"
      for time in [one.from, one.until].compactMap(\.self) { try dates.check(time, thing) }
      wanted.append(
        PlanPeriod(
          plan: item.plan ?? "", from: one.from, until: one.until, subscriptions: [one.id]))
    }
    return try PlanPeriod.all(wanted)
  }

  private func link(_ subscription: String, _ plan: String) -> Effect {
    let id = "\(subscription)/\(plan)"
    return .link(kind: .plan, ids: [app: id, TogaiAPI.name: id])
  }

  private func until(_ period: PlanPeriod) -> String {
    period.until.map(dates.end) ?? PlanChange.open
  }

  /// Whether a schedule covers the period, as far as a change, which begins tomorrow at the latest, could.
  private func isGiven(_ period: PlanPeriod, by schedules: [PlanSchedule]) -> Bool {
    schedules.contains { schedule in
      guard schedule.plan.hasBytes(of: period.plan), let begin = schedule.start,
        dates.date(begin) <= max(dates.date(period.from), dates.tomorrow)
      else { return false }
      return schedule.end.map { dates.over($0) >= until(period) } ?? true
    }
  }
}

// MARK: - Changes

extension AccountPlans {
  /// Associates the plan of a period; nil if the period is over before a change could begin.
  private func associate(_ period: PlanPeriod, _ index: Int) throws(Halt) -> String? {
    let change = PlanChange(
      mode: .associate(period.plan), account: account, until: until(period),
      thing: "price plan \(period.plan) on account \(account)")
    let end = period.until == nil ? "" : " until \(until(period))"
    let note = "associated \(change.thing)\(end) for subscription \(period.names)"
    return try make(change, "associated-\(index)", from: dates.date(period.from), note) { after in
      isGiven(period, by: after)
    }
  }

  /// Ends a schedule on a date, or as soon after as Togai lets it; nil if it ends before.
  private func end(
    _ schedule: PlanSchedule, on date: String, _ index: Int
  ) throws(Halt) -> String? {
    let last = schedule.end.map(dates.over) ?? PlanChange.open
    let change = PlanChange(
      mode: .disassociate, account: account, until: last,
      thing: "the end of price plan \(schedule.plan) on account \(account)")
    let note =
      "ended price plan \(schedule.plan) on account \(account): no subscription is for it from \(date) on"
    return try make(change, "ended-\(index)", from: date, note) { after in
      !after.contains { $0.plan.hasBytes(of: schedule.plan) && isBeyond($0, date) }
    }
  }

  /// Makes a change once; after an unknown outcome, the price plans tell whether it was made.
  private func make(
    _ change: PlanChange, _ name: String, from start: String, _ note: String,
    _ isMade: ([PlanSchedule]) -> Bool
  ) throws(Halt) -> String? {
    guard let made = answers[name] else {
      guard let date = try change.earliest("dry-\(name)", from: start, dates, answers) else {
        return nil
      }
      throw .ask([change.effect(name, from: date)])
    }
    guard made.isUnknown else {
      _ = try TogaiAPI.value(of: made, change.thing)
      return note
    }
    let after = try PlanSchedule.read("\(name)-again", account: account, answers)
    guard isMade(after) else {
      throw .unanswered("Togai", change.thing, isMissing: true)
    }
    return note
  }

  /// Whether a schedule goes on after a date, longer than a change could prevent.
  private func isBeyond(_ schedule: PlanSchedule, _ date: String) -> Bool {
    let limit = max(date, dates.tomorrow)
    return schedule.end.map { dates.over($0) > limit } ?? true
  }

  /// The date on which a schedule must end since no subscription is for it any more; nil if it may go on, or
  /// subscriptions do not concern it.
  private func end(
    of schedule: PlanSchedule, _ index: Int, _ periods: [PlanPeriod]
  ) throws(Halt) -> String? {
    guard managed.contains(where: { $0.hasBytes(of: schedule.plan) }) else { return nil }
    let own = periods.filter { $0.plan.hasBytes(of: schedule.plan) }
    guard own.allSatisfy({ $0.until != nil }) else { return nil }
    var date = own.map(until).max()
    if date == nil { date = try pastEnd(of: schedule, index) }
    guard let date else { return nil }
    let begin = schedule.start.map(dates.date) ?? date
    let end = max(date, begin)
    return isBeyond(schedule, end) ? end : nil
  }

  /// The date since which no subscription is for a schedule's price plan; nil if none ever was.
  private func pastEnd(of schedule: PlanSchedule, _ index: Int) throws(Halt) -> String? {
    let past = items.filter { item in
      !item.subscription.isAlive && item.plan.map(schedule.plan.hasBytes) ?? false
    }
    if let end = past.map({ $0.subscription.until ?? dates.now }).max() {
      try dates.check(end, "the end of the subscription")
      return dates.end(end)
    }
    // An item may have been removed, or its subscription deleted: the ID mapping knows what it gave
    let given = try answers.answer(
      to: .find(
        name: "given-\(index)", kind: .plan, ids: [app: "\(changed)/\(schedule.plan)"],
        in: TogaiAPI.name))
    return given.isSuccess ? dates.today : nil
  }
}
