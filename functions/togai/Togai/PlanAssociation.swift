import StepKit
import Values

/// Associates a price plan of type BILLING with an account, for a term that was paid for.
///
/// Togai lets a running plan be changed from tomorrow only, and does not say from when a first one
/// may run; so the start of the term, today and tomorrow are tried dry before one is done.
struct PlanAssociation {
  /// How Togai writes a plan that nobody has ended.
  private static let open = "9999-01-01"

  let grant: PaidGrant
  let account: String
  let payment: Payment
  let options: GrantOptions
  /// When the run started, or the payment was taken.
  let now: Timestamp
  let answers: [String: Answer]

  private var what: String { "price plan \(grant.plan) on account \(account)" }
  private var start: String { options.offset.date(grant.item.from ?? payment.at) }
  private var today: String { options.offset.date(now) }
  private var tomorrow: String { options.offset.date(now.adding(seconds: 86_400)) }

  /// The association, or what must be asked first.
  func result() throws(Failure) -> Part<Granted> {
    let before = try PlanSchedule.read("schedules-\(grant.index)", account: account, answers)
    guard let before = before.value else { return .needs(before.effects) }
    if let schedule = covering(before) {
      return .has(granted(schedule.id, "account \(account) has price plan \(grant.plan) already"))
    }

    if let edited = answers["edited-\(grant.index)"] { return try associated(edited) }
    let date = try earliest()
    guard let date = date.value else { return .needs(date.effects) }
    return .needs([edit("edited-\(grant.index)", from: date, isDry: false)])
  }

  private func associated(_ edited: Answer) throws(Failure) -> Part<Granted> {
    let schedule: PlanSchedule?
    if edited.isUnknown {
      let after = try PlanSchedule.read("schedules-again-\(grant.index)", account: account, answers)
      guard let after = after.value else { return .needs(after.effects) }
      schedule = covering(after)
      if schedule == nil {
        throw .temporary("\(what) is in doubt and not there yet", after: 30)
      }
    } else {
      let schedules = try Togai.value(of: edited, what)["pricingSchedules"]
      schedule = PlanSchedule.all(schedules).last { $0.plan == grant.plan }
    }
    let from = schedule?.start.map { " from \(options.offset.date($0))" } ?? ""
    let end = until == Self.open ? "" : " until \(until)"
    return .has(granted(schedule?.id ?? grant.plan, "associated \(what)\(from)\(end)"))
  }

  // MARK: Private

  /// One schedule serves many terms, so its id alone would name many grants.
  private func granted(_ schedule: String, _ note: String) -> Granted {
    Granted(link: grant.link(.grant, "\(schedule)/\(grant.key)"), note: note)
  }

  /// The schedule that covers the term, as far as it can still be had: an edit begins tomorrow at
  /// the latest.
  private func covering(_ schedules: [PlanSchedule]) -> PlanSchedule? {
    schedules.first { schedule in
      guard schedule.plan == grant.plan, let begin = schedule.start else { return false }
      guard options.offset.date(begin) <= max(start, tomorrow) else { return false }
      // The end may be the last moment of the term or the first one after it
      let end = grant.item.to ?? now
      return schedule.end.map { $0.adding(seconds: 86_400) >= end && $0 > now } ?? true
    }
  }

  private var until: String {
    guard options.until == .term, let end = grant.item.to else { return Self.open }
    return options.offset.date(end)
  }

  /// The first date that Togai accepts.
  private func earliest() throws(Failure) -> Part<String> {
    var dates = start > today ? [start] : [start, today, tomorrow]
    if start == today { dates.removeFirst() }
    dates.removeAll { $0 >= until }
    guard !dates.isEmpty else {
      throw .permanent(
        "the term that was paid for ended on \(until): \(what) cannot begin any more")
    }
    var refusal: Failure?
    for (index, date) in dates.enumerated() {
      let name = "dry-\(grant.index)-\(index)"
      guard let answer = answers[name] else { return .needs([edit(name, from: date, isDry: true)]) }
      if answer.isSuccess { return .has(date) }
      let failure = Togai.failure(answer, what)
      guard Togai.isNothing(answer) else { throw failure }
      refusal = failure
    }
    throw refusal ?? .permanent("Togai accepts no date for \(what)")
  }

  private func edit(_ name: String, from date: String, isDry: Bool) -> Effect {
    .post(
      name, "/accounts/\(account.percentEncoded)/edit_schedules",
      query: ["dry_run": .bool(isDry)],
      body: [
        "edits": [
          [
            "mode": "ASSOCIATE", "pricePlanId": .string(grant.plan),
            "effectiveFrom": .string(date), "effectiveUntil": .string(until),
          ]
        ]
      ], isSafe: isDry)
  }
}
