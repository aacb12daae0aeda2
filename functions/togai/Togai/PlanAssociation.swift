import StepKit
import Values

/// Associates a price plan of type BILLING with an account, for a paid term.
struct PlanAssociation {
  let context: GrantContext
  private var grant: PaidGrant { context.grant }
  private var account: String { context.account }
  private var answers: [String: Answer] { context.answers }
  private var thing: String { "price plan \(grant.plan) on account \(account)" }
  private var start: String { date(grant.item.from ?? context.payment.at) }
  private var dates: PlanDates { PlanDates(now: context.now, zone: context.options.offset) }

  /// Associates the plan, unless a schedule covers the term.
  func result() throws(Halt) -> GrantResult {
    let before = try PlanSchedule.read("schedules-\(grant.index)", account: account, answers)
    if let schedule = covering(before) {
      return granted(schedule.id, "account \(account) has price plan \(grant.plan) already")
    }
    if let end = ended(before) { return try after(end) }
    let name = "edited-\(grant.index)"
    if let edited = answers[name] { return try associated(edited) }
    return try associated(
      try answers.answer(to: change.effect(name, from: try earliest())))
  }

  private func associated(_ edited: Answer) throws(Halt) -> GrantResult {
    let schedule: PlanSchedule?
    if edited.isUnknown {
      let after = try PlanSchedule.read("schedules-again-\(grant.index)", account: account, answers)
      schedule = covering(after)
      if schedule == nil {
        throw .unanswered("Togai", "\(thing)", isMissing: true)
      }
    } else {
      let schedules = try TogaiAPI.value(of: edited, thing)["pricingSchedules"]
      schedule = PlanSchedule.all(schedules.items).last { $0.plan.hasBytes(of: grant.plan) }
    }
    let from = schedule?.start.map { " from \(date($0))" } ?? ""
    let end = until == PlanChange.open ? "" : " until \(until)"
    return granted(schedule?.id ?? grant.plan, "associated \(thing)\(from)\(end)")
  }

  // MARK: Private

  private func date(_ time: Timestamp) -> String { dates.date(time) }

  /// The link names schedule and grant, since one schedule serves many terms.
  private func granted(_ schedule: String, _ note: String) -> GrantResult {
    GrantResult(link: grant.link(.grant, "\(schedule)/\(grant.key)"), note: note)
  }

  /// The schedule that covers the term, as far as an edit, which begins tomorrow at the latest, could.
  private func covering(_ schedules: [PlanSchedule]) -> PlanSchedule? {
    schedules.first { schedule in
      guard schedule.plan.hasBytes(of: grant.plan), let begin = schedule.start else { return false }
      guard date(begin) <= max(start, dates.tomorrow) else { return false }
      // The end may be the last moment of the term or the first one after it
      let end = grant.item.to ?? context.now
      return schedule.end.map { $0.adding(seconds: 86_400) >= end && $0 > context.now } ?? true
    }
  }

  /// The date since which the account does not have the plan any more though the term goes on, or went on
  /// longer than the payment took; nil if there is none, or the plan is given for the term only.
  private func ended(_ schedules: [PlanSchedule]) -> (date: String, isAfterTerm: Bool)? {
    guard until == PlanChange.open, let limit = grant.item.to else { return nil }
    // The end of an earlier term may be shown as the first moment of this one
    let limitOfEarlier = (grant.item.from ?? context.payment.at).adding(seconds: 86_400)
    let own = schedules.filter { schedule in
      schedule.plan.hasBytes(of: grant.plan)
        && (schedule.end.map { $0 > limitOfEarlier } ?? true
          || schedule.start.map { date($0) >= start } ?? false)
    }
    guard let last = own.compactMap(\.end).max() else { return nil }
    return (date(last), last.adding(seconds: 86_400) >= limit)
  }

  private func after(_ end: (date: String, isAfterTerm: Bool)) throws(Halt) -> GrantResult {
    guard !end.isAfterTerm else {
      return granted(
        grant.plan,
        "account \(account) had price plan \(grant.plan) until \(end.date), after the term that was paid for"
      )
    }
    throw .notSynced(
      "\(thing) ended on \(end.date), within the term that was paid for (until \(date(grant.item.to ?? context.now))):"
        + " give the account the plan by hand or the money back, then `meterbridge attention acknowledge`"
    )
  }

  private var until: String {
    guard context.options.until == .term, let end = grant.item.to else { return PlanChange.open }
    return date(end)
  }

  /// The first date that Togai accepts in a dry run.
  private func earliest() throws(Halt) -> String {
    guard let date = try change.earliest("dry-\(grant.index)", from: start, dates, answers) else {
      throw .permanent(
        "the term that was paid for ended on \(until): \(thing) cannot begin any more; give the"
          + " account what was paid for by hand, then `meterbridge attention acknowledge`")
    }
    return date
  }

  private var change: PlanChange {
    PlanChange(mode: .associate(grant.plan), account: account, until: until, thing: thing)
  }
}
