import StepKit
import Values

/// The price plans of type BILLING of an account, brought to what subscriptions of its customer are for.
///
/// Effects are named by what they do, not by its place: a run may begin again and find other price plans.
struct AccountPlans {
  /// What is given to the account.
  struct Given {
    /// The times that subscriptions are for, with their last dates.
    let periods: [(period: PlanPeriod, end: String)]
    /// The price plans of the account afterwards.
    let schedules: [PlanSchedule]
    /// The links of what subscriptions gave.
    let links: [Effect]
    /// Notes of what was associated.
    let notes: [String]
  }

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

  /// Associates the price plans that are missing.
  func given() throws(Halt) -> Given {
    let all = try periods()
    let periods = all.map { (period: $0, end: $0.end(dates, before: all)) }
    let before = try PlanSchedule.read("schedules", account: account, answers)
    var notes: [String] = []
    for (period, end) in periods where !isGiven(period, until: end, by: before) {
      try check(period, until: end, before)
      if let note = try associate(period, until: end) { notes.append(note) }
    }
    let links = all.flatMap { period in
      period.subscriptions.distinctByBytes.flatMap { self.links($0, period) }
    }
    if !notes.isEmpty { try answers.keep(links, as: "kept") }
    let after =
      notes.isEmpty
      ? before : try PlanSchedule.read("schedules-after", account: account, answers)
    return Given(periods: periods, schedules: after, links: links, notes: notes)
  }

  /// Ends the price plans that no subscription is for any more, and returns notes.
  func ended(after given: Given) throws(Halt) -> [String] {
    var notes: [String] = []
    for schedule in given.schedules {
      if let start = try laterStart(of: schedule, given.periods),
        let note = try delay(schedule, until: start)
      {
        notes.append(note)
      }
      guard let date = try end(of: schedule, given.periods) else { continue }
      if let note = try end(schedule, on: date) { notes.append(note) }
    }
    return notes
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

  /// The links of what a subscription gave: the plan and, if it begins later, its start.
  private func links(_ subscription: String, _ period: PlanPeriod) -> [Effect] {
    var ids = ["\(subscription)/\(period.plan)"]
    let start = dates.date(period.from)
    if start >= dates.tomorrow { ids.append("\(ids[0])/\(start)") }
    return ids.map { .link(kind: .plan, ids: [app: $0, TogaiAPI.name: $0]) }
  }

  private func isManaged(_ schedule: PlanSchedule) -> Bool {
    managed.contains { $0.hasBytes(of: schedule.plan) }
  }

  /// Whether a schedule covers the period, as far as a change, which begins tomorrow at the latest, could.
  private func isGiven(
    _ period: PlanPeriod, until end: String, by schedules: [PlanSchedule]
  ) -> Bool {
    schedules.contains { schedule in
      guard schedule.plan.hasBytes(of: period.plan), let begin = schedule.start,
        dates.begin(begin) <= max(dates.date(period.from), dates.tomorrow)
      else { return false }
      return schedule.end.map { dates.over($0) >= end } ?? true
    }
  }

  /// Checks that no price plan of the time would be replaced which the flow does not name.
  ///
  /// - Throws: `Halt.notSynced` if one would.
  private func check(
    _ period: PlanPeriod, until end: String, _ schedules: [PlanSchedule]
  ) throws(Halt) {
    let start = max(dates.date(period.from), dates.today)
    let rival = schedules.first { schedule in
      !isManaged(schedule) && schedule.start.map { dates.begin($0) < end } ?? true
        && schedule.end.map { dates.over($0) > start } ?? true
    }
    guard let rival else { return }
    throw .notSynced(
      "account \(account) has price plan \(rival.plan), which the flow does not name, at the time of"
        + " subscription \(period.names) for \(period.plan): end one of the two, and retry the run")
  }
}

// MARK: - Changes

extension AccountPlans {
  /// Associates the plan of a period; nil if the period is over before a change could begin.
  private func associate(_ period: PlanPeriod, until end: String) throws(Halt) -> String? {
    let change = PlanChange(
      mode: .associate(period.plan), account: account, until: end,
      thing: "price plan \(period.plan) on account \(account)")
    let words = period.until == nil ? "" : " until \(end)"
    let note = "associated \(change.thing)\(words) for subscription \(period.names)"
    let start = dates.date(period.from)
    let name = "associated-\(period.plan)-\(start)-\(end)-\(dates.today)"
    return try make(change, name, from: start, note) { isGiven(period, until: end, by: $0) }
  }

  /// Ends a schedule on a date, or as soon after as Togai lets it; nil if it ends before.
  private func end(_ schedule: PlanSchedule, on date: String) throws(Halt) -> String? {
    let last = schedule.end.map(dates.over) ?? PlanChange.open
    let change = PlanChange(
      mode: .disassociate, account: account, until: last,
      thing: "the end of price plan \(schedule.plan) on account \(account)")
    let note =
      "ended price plan \(schedule.plan) on account \(account): no subscription is for it from \(date) on"
    let name = "ended-\(schedule.plan)-\(date)-\(last)-\(dates.today)"
    return try make(change, name, from: date, note) { after in
      !after.contains {
        $0.plan.hasBytes(of: schedule.plan) && isBeyond($0, date)
          && $0.start.map { dates.begin($0) < last } ?? true
      }
    }
  }

  /// Lets a schedule of the future begin later; nil if it begins before that could be changed.
  private func delay(_ schedule: PlanSchedule, until start: String) throws(Halt) -> String? {
    let begin = schedule.start.map(dates.begin) ?? dates.tomorrow
    let change = PlanChange(
      mode: .disassociate, account: account, until: start,
      thing: "the start of price plan \(schedule.plan) on account \(account)")
    let note =
      "price plan \(schedule.plan) on account \(account) begins on \(start), and not on \(begin)"
    let name = "delayed-\(schedule.plan)-\(begin)-\(start)-\(dates.today)"
    return try make(change, name, from: begin, note) { after in
      !after.contains {
        $0.plan.hasBytes(of: schedule.plan) && $0.start.map { dates.begin($0) == begin } ?? false
      }
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

  /// The first date with the price plan by the subscriptions, if one of them gave a schedule that begins
  /// before it, and not yet.
  private func laterStart(
    of schedule: PlanSchedule, _ periods: [(period: PlanPeriod, end: String)]
  ) throws(Halt) -> String? {
    guard isManaged(schedule), let begin = schedule.start.map(dates.begin), begin >= dates.tomorrow
    else { return nil }
    let own = periods.filter { $0.period.plan.hasBytes(of: schedule.plan) && $0.end > begin }
    guard let start = own.map({ dates.date($0.period.from) }).min(), start > begin else {
      return nil
    }
    let givers = own.flatMap(\.period.subscriptions)
    return try isGiven(schedule.plan, from: begin, by: givers) ? start : nil
  }

  /// Whether one of some subscriptions gave the account a price plan from a date on.
  private func isGiven(
    _ plan: String, from begin: String, by subscriptions: [String]
  ) throws(Halt) -> Bool {
    let ids = subscriptions.distinctByBytes.map { "\($0)/\(plan)/\(begin)" }
    try answers.require(
      ids.map { .find(name: "given-\($0)", kind: .plan, ids: [app: $0], in: TogaiAPI.name) })
    return ids.contains { answers["given-\($0)"]?.isSuccess == true }
  }

  /// The date on which a schedule must end since no subscription is for it any more; nil if it may go on, or
  /// subscriptions do not concern it.
  private func end(
    of schedule: PlanSchedule, _ periods: [(period: PlanPeriod, end: String)]
  ) throws(Halt) -> String? {
    guard isManaged(schedule) else { return nil }
    let own = periods.filter { $0.period.plan.hasBytes(of: schedule.plan) }
    guard own.allSatisfy({ $0.period.until != nil }) else { return nil }
    var date = own.map(\.end).max()
    if date == nil { date = try pastEnd(of: schedule) }
    guard let date else { return nil }
    let begin = schedule.start.map(dates.begin) ?? date
    let end = max(date, begin)
    return isBeyond(schedule, end) ? end : nil
  }

  /// The date since which no subscription is for a schedule's price plan; nil if none ever was.
  private func pastEnd(of schedule: PlanSchedule) throws(Halt) -> String? {
    let over = items.filter { item in
      !item.subscription.isAlive && item.plan.map(schedule.plan.hasBytes) ?? false
    }.map(\.subscription)
    let ends = over.map { $0.until ?? dates.now }
    // What begins after the end of the subscription is not of it, unless it ended before its start
    if let begin = schedule.start.map(dates.begin), begin >= dates.tomorrow,
      try isGiven(schedule.plan, from: begin, by: over.map(\.id))
    {
      return begin
    }
    let past = ends.filter { end in
      schedule.start.map { $0 <= end.adding(seconds: 86_400) } ?? true
    }
    if let end = past.max() {
      try dates.check(end, "the end of the subscription")
      return dates.end(end)
    }
    guard ends.isEmpty else { return nil }
    // An item may have been removed, or its subscription deleted: the ID mapping knows what it gave
    let given = try answers.answer(
      to: .find(
        name: "given-\(schedule.plan)", kind: .plan, ids: [app: "\(changed)/\(schedule.plan)"],
        in: TogaiAPI.name))
    return given.isSuccess ? dates.today : nil
  }
}
