import StepKit
import Values

/// A price plan on an account for some time, the end not included; dates as `2026-01-31`.
struct Schedule: Sendable, Equatable {
  var id: String
  var plan: String
  var start: String
  var end: String

  func covers(_ day: String) -> Bool { start <= day && day < end }
}

extension Togai {
  /// Puts plans on an account or takes them off.
  ///
  /// A running plan can be edited from tomorrow only, and no past day can be touched at all; where
  /// no plan runs, an association may begin today.
  mutating func editSchedules(
    _ demand: Demand, _ scene: inout Scene
  ) throws(TogaiError) -> Reply {
    let account = try account(demand.id)
    let isDry = try demand.flag("dry_run")
    guard account.text("status") != "ARCHIVED" else { throw TogaiError(400, "account is archived") }
    let today = scene.now.date()
    let earliest =
      (schedules[demand.id] ?? []).contains { $0.covers(today) }
      ? scene.now.adding(seconds: 86_400).date() : today
    let ids = scene.ids
    var edited = schedules[demand.id] ?? []
    for edit in demand.body["edits"].array ?? [] {
      try check(edit, account: account, earliest: earliest)
      edited = apply(edit, to: edited, &scene)
    }
    if isDry { scene.ids = ids } else { schedules[demand.id] = edited }
    return Reply(
      200,
      .members([
        "accountId": account["id"], "accountName": account["name"],
        "pricingSchedules": .array(edited.map { json(of: $0) }),
      ]))
  }

  func listSchedules(_ demand: Demand) throws(TogaiError) -> Reply {
    _ = try account(demand.id)
    var query = demand.query
    let from = query.removeValue(forKey: "start_date") ?? "0000-01-01"
    let until = query.removeValue(forKey: "end_date") ?? "9999-12-31"
    let found = (schedules[demand.id] ?? []).filter { $0.end > from && $0.start <= until }
    return Reply(200, ["data": .array(found.map { info(of: $0) })])
  }

  func json(of schedule: Schedule) -> JSON {
    .members([
      "id": .string(schedule.id), "pricePlanId": .string(schedule.plan),
      "pricePlanName": pricePlans[schedule.plan]?["name"],
      "startDate": .string(schedule.start + "T00:00:00Z"),
      "endDate": .string(schedule.end + "T00:00:00Z"),
    ])
  }

  // MARK: Private

  private func info(of schedule: Schedule) -> JSON {
    var members = json(of: schedule).object ?? [:]
    members["version"] = 1
    members["isOverriden"] = false
    return .object(members)
  }

  private func check(
    _ edit: JSON, account: Members, earliest: String
  ) throws(TogaiError) {
    let from = edit["effectiveFrom"].string ?? ""
    guard from < edit["effectiveUntil"].string ?? "" else {
      throw TogaiError(400, "effectiveUntil must be after effectiveFrom")
    }
    guard from >= earliest else {
      throw TogaiError(400, "effectiveFrom must be \(earliest) or later")
    }
    guard edit["mode"].string != "DISASSOCIATE" else { return }
    guard let id = edit["pricePlanId"].string else {
      throw TogaiError(400, "pricePlanId is required")
    }
    let plan = try pricePlan(id)
    guard plan.text("type") == "BILLING", plan.text("status") == "ACTIVE" else {
      throw TogaiError(400, "price plan \(id) is not an active billing plan")
    }
    try check(currencyOf: account, in: plan)
  }

  func check(currencyOf account: Members, in plan: Members) throws(TogaiError) {
    let currency = account["invoiceCurrency"] ?? .null
    guard plan["currencies"]?.array?.contains(currency) == true else {
      throw TogaiError(400, "price plan does not support \(currency.string ?? "the currency")")
    }
  }

  private func apply(_ edit: JSON, to old: [Schedule], _ scene: inout Scene) -> [Schedule] {
    let from = edit["effectiveFrom"].string ?? ""
    let until = edit["effectiveUntil"].string ?? ""
    var new: [Schedule] = []
    for schedule in old {
      guard schedule.start < until, schedule.end > from else {
        new.append(schedule)
        continue
      }
      if schedule.start < from {
        new.append(Schedule(id: schedule.id, plan: schedule.plan, start: schedule.start, end: from))
      }
      if schedule.end > until {
        let id = scene.ids.togai("sch")
        new.append(Schedule(id: id, plan: schedule.plan, start: until, end: schedule.end))
      }
    }
    if edit["mode"].string != "DISASSOCIATE", let plan = edit["pricePlanId"].string {
      new.append(Schedule(id: scene.ids.togai("sch"), plan: plan, start: from, end: until))
    }
    return new.sorted { $0.start < $1.start }
  }
}
