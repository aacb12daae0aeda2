import Values

extension Togai {
  /// Associates price plans with an account, or ends associations.
  ///
  /// An edit starts tomorrow or later if a plan is active today, and otherwise today or later.
  mutating func editSchedules(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    let account = try account(request.id)
    let isDry = try request.flag("dry_run")
    guard account.text("status") != "ARCHIVED" else { throw TogaiError(400, "account is archived") }
    let today = context.now.date()
    let earliest =
      (schedules[request.id] ?? []).contains { $0.covers(today) }
      ? context.now.adding(seconds: 86_400).date() : today
    let ids = context.ids
    var edited = schedules[request.id] ?? []
    for edit in request.body["edits"].array ?? [] {
      try check(edit, account: account, earliest: earliest)
      edited = apply(edit, to: edited)
    }
    if isDry { context.ids = ids } else { schedules[request.id] = edited }
    return Reply(
      200,
      .members([
        "accountId": account["id"], "accountName": account["name"],
        "pricingSchedules": .array(edited.map { json(of: $0) }),
      ]))
  }

  func listSchedules(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    _ = try account(request.id)
    let from = request.query["start_date"] ?? "0000-01-01"
    let until = request.query["end_date"] ?? "9999-12-31"
    let found = (schedules[request.id] ?? []).filter { $0.end > from && $0.start <= until }
    let data = found.map { schedule in
      var members = json(of: schedule).object ?? [:]
      members.merge(["version": 1, "isOverriden": false])
      return JSON.object(members)
    }
    return Reply(200, ["data": .array(data)])
  }

  func json(of schedule: PricingSchedule) -> JSON {
    .members([
      "id": .string(schedule.id), "pricePlanId": .string(schedule.plan),
      "pricePlanName": pricePlans[schedule.plan]?["name"],
      "startDate": .string(schedule.start + "T00:00:00Z"),
      "endDate": .string(schedule.end + "T00:00:00Z"),
    ])
  }

  // MARK: Private

  private func check(_ edit: JSON, account: Members, earliest: String) throws(TogaiError) {
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
    _ = try activePlan(id, type: "BILLING", for: account)
  }

  private mutating func apply(_ edit: JSON, to old: [PricingSchedule])
    -> [PricingSchedule]
  {
    let from = edit["effectiveFrom"].string ?? ""
    let until = edit["effectiveUntil"].string ?? ""
    var new: [PricingSchedule] = []
    for schedule in old {
      guard schedule.start < until, schedule.end > from else {
        new.append(schedule)
        continue
      }
      if schedule.start < from {
        new.append(
          PricingSchedule(id: schedule.id, plan: schedule.plan, start: schedule.start, end: from))
      }
      if schedule.end > until {
        let id = context.ids.togai("sch")
        new.append(PricingSchedule(id: id, plan: schedule.plan, start: until, end: schedule.end))
      }
    }
    if edit["mode"].string != "DISASSOCIATE", let plan = edit["pricePlanId"].string {
      new.append(PricingSchedule(id: context.ids.togai("sch"), plan: plan, start: from, end: until))
    }
    return new.sorted { $0.start < $1.start }
  }
}
