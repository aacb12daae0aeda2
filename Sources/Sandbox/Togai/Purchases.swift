import FoundationEssentials
import StepKit
import Values

/// Feature credits that a purchase gave.
struct Credit: Sendable {
  let account: String
  let feature: String
  let name: String
  let purchase: String
  let granted: Decimal
  let from: String
  let until: String

  var json: JSON {
    .members([
      "accountId": .string(account), "featureId": .string(feature),
      "purchaseId": .string(purchase), "granted": .decimal(granted),
    ])
  }
}

extension Togai {
  /// Begins a purchase: it makes an order, and grants the credits once that order is paid.
  mutating func createPurchase(
    _ demand: Demand, _ scene: inout Scene
  ) throws(TogaiError) -> Reply {
    let account = try account(demand.id)
    let body = demand.body
    if let key = body["idempotencyKey"].string, let known = purchase(key, of: demand.id) {
      return Reply(200, .object(shown(known)))
    }
    guard account.text("status") == "ACTIVE" else { throw TogaiError(400, "account is not active") }
    guard body["type"].string ?? "ENTITLEMENT_GRANT" == "ENTITLEMENT_GRANT" else {
      throw TogaiError(400, "the sandbox plays purchases of type ENTITLEMENT_GRANT only")
    }
    guard let planID = body["pricePlanId"].string else {
      throw TogaiError(400, "pricePlanId is required")
    }
    let plan = try pricePlan(planID)
    guard plan.text("type") == "PURCHASE", plan.text("status") == "ACTIVE" else {
      throw TogaiError(400, "price plan \(planID) is not an active purchase plan")
    }
    try check(currencyOf: account, in: plan)
    let today = scene.now.date()
    guard body["effectiveFrom"].string ?? today >= today else {
      throw TogaiError(400, "effectiveFrom must not be in the past")
    }
    let grants = try grants(body, plan)
    let times = try multiplier(body)
    let price = (plan["price"]?.decimal ?? 0) * times
    let id = scene.ids.togai("purchase")
    let order = keepOrder(price, plan: plan, account: account, &scene)
    let now = JSON.string(scene.now.text)
    var purchase = Members([
      "id": .string(id), "accountId": account["id"], "pricePlanId": .string(planID),
      "pricePlanVersion": 1, "pricePlanName": plan["name"], "quantity": body["quantity"],
      "rateCardQuantities": body["rateCardQuantities"], "idempotencyKey": body["idempotencyKey"],
      "effectiveFrom": body["effectiveFrom"], "effectiveUntil": body["effectiveUntil"],
      "expiryDate": body["expiryDate"], "price": .decimal(price), "invoiceId": .string(order),
      "invoiceCurrency": account["invoiceCurrency"], "status": "PENDING",
      "type": "ENTITLEMENT_GRANT", "createdAt": now, "updatedAt": now,
    ])
    purchase["grants"] = .array(grants)
    purchases[id] = purchase
    return Reply(200, .object(shown(purchase)))
  }

  /// The purchase as it is; looking at one that is pending moves it on, as time would.
  mutating func getPurchase(_ demand: Demand, _ scene: inout Scene) throws(TogaiError) -> Reply {
    guard var purchase = purchases[demand.id] else { throw .missing("Purchase", demand.id) }
    if purchase.text("status") == "PENDING" {
      purchase["status"] = "IN_PROGRESS"
      purchases[demand.id] = purchase
      complete(order: purchase.text("invoiceId"), &scene)
      purchase = purchases[demand.id] ?? purchase
    }
    var answer = shown(purchase)
    answer["features"] = .array(features(of: demand.id, at: scene.now))
    return Reply(200, .object(answer))
  }

  func listPurchases(_ demand: Demand) throws(TogaiError) -> Reply {
    _ = try account(demand.id)
    let own = purchases.all.filter { $0.text("accountId") == demand.id }
    return try list(own, demand) { purchase in
      let hidden = ["accountId", "grants", "invoiceId", "effectiveFrom", "effectiveUntil"]
      return .object(purchase.filter { !hidden.contains($0.key) && $0.key != "expiryDate" })
    }
  }

  func getFeature(_ demand: Demand) throws(TogaiError) -> Reply {
    let account = try account(demand.id)
    let feature = demand.ids[1]
    let isKnown = pricePlans.all.contains { plan in
      plan["features"]?.array?.contains { $0["id"].string == feature } == true
    }
    guard isKnown else { throw .missing("Feature", feature) }
    let granted = credits.filter { $0.account == demand.id && $0.feature == feature }
      .reduce(Decimal(0)) { $0 + $1.granted }
    return Reply(
      200,
      .members([
        "accountId": account["id"], "featureId": .string(feature), "granted": .decimal(granted),
        "balance": .decimal(granted), "usedOverage": 0,
      ]))
  }

  /// Grants what an order that is now paid was for, once.
  mutating func complete(order: String, _ scene: inout Scene) {
    let found = purchases.all.first { purchase in
      purchase.text("invoiceId") == order && purchase.text("status") != "SUCCESS"
    }
    guard var purchase = found, invoices[order]?.text("status") == "PAID" else { return }
    purchase["status"] = "SUCCESS"
    purchase["updatedAt"] = .string(scene.now.text)
    purchases[purchase.text("id")] = purchase
    for grant in purchase["grants"]?.array ?? [] {
      credits.append(
        Credit(
          account: purchase.text("accountId"), feature: grant["id"].string ?? "",
          name: grant["name"].string ?? "", purchase: purchase.text("id"),
          granted: grant["credits"].decimal ?? 0,
          from: purchase["effectiveFrom"]?.string ?? scene.now.date(),
          until: purchase["effectiveUntil"]?.string ?? "9999-01-01"))
    }
  }

  // MARK: Private

  private func purchase(_ key: String, of account: String) -> Members? {
    purchases.all.first { $0.text("idempotencyKey") == key && $0.text("accountId") == account }
  }

  private func shown(_ purchase: Members) -> Members {
    purchase.filter { $0.key != "grants" && $0.key != "pricePlanName" }
  }

  private func features(of purchase: String, at now: Timestamp) -> [JSON] {
    credits.filter { $0.purchase == purchase }.map { credit in
      .members([
        "id": .string(credit.feature), "name": .string(credit.name),
        "creditsGranted": .decimal(credit.granted), "creditsAvailable": .decimal(credit.granted),
        "updatedAt": .string(now.text), "effectiveFrom": .string(credit.from + "T00:00:00Z"),
        "effectiveUntil": .string(credit.until + "T00:00:00Z"),
      ])
    }
  }

  /// How many times the plan's price is due: the quantity, or the largest of the rate cards'.
  private func multiplier(_ body: JSON) throws(TogaiError) -> Decimal {
    let cards = (body["rateCardQuantities"].object ?? [:]).values.compactMap(\.decimal)
    let times = body["quantity"].decimal ?? cards.max() ?? 1
    guard times > 0 else { throw TogaiError(400, "quantity must be more than 0") }
    return times
  }

  /// The credits that each feature of the plan gets.
  private func grants(_ body: JSON, _ plan: Members) throws(TogaiError) -> [JSON] {
    let features = plan["features"]?.array ?? []
    let cards = body["rateCardQuantities"].object ?? [:]
    for id in cards.keys.sorted() where !features.contains(where: { $0["id"].string == id }) {
      throw TogaiError(400, "feature \(id) is not in the price plan")
    }
    return features.compactMap { feature in
      let id = feature["id"].string ?? ""
      guard cards.isEmpty || cards[id] != nil else { return nil }
      let times = cards[id]?.decimal ?? body["quantity"].decimal ?? 1
      return .members([
        "id": .string(id), "name": feature["name"],
        "credits": .decimal((feature["credits"].decimal ?? 0) * times),
      ])
    }
  }
}
