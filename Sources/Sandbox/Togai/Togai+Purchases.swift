import FoundationEssentials
import Values

extension Togai {
  /// Creates a purchase and its order; the credits are granted when the order is paid.
  mutating func createPurchase(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    let account = try account(request.id)
    let body = request.body
    if let key = body["idempotencyKey"].string, let known = purchase(key, of: request.id) {
      return Reply(200, .object(shown(known)))
    }
    guard account.text("status") == "ACTIVE" else { throw TogaiError(400, "account is not active") }
    guard body["type"].string ?? "ENTITLEMENT_GRANT" == "ENTITLEMENT_GRANT" else {
      throw TogaiError(400, "the sandbox plays purchases of type ENTITLEMENT_GRANT only")
    }
    guard let planID = body["pricePlanId"].string else {
      throw TogaiError(400, "pricePlanId is required")
    }
    let plan = try activePlan(planID, type: "PURCHASE", for: account)
    let today = context.now.date()
    guard body["effectiveFrom"].string ?? today >= today else {
      throw TogaiError(400, "effectiveFrom must not be in the past")
    }
    let grants = try grants(body, plan)
    let times = try multiplier(body)
    let price = (plan["price"]?.decimal ?? 0) * times
    let id = context.ids.togai("purchase")
    let order = keepOrder(price, plan: plan, account: account)
    let now = JSON.string(context.now.text)
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

  /// Retrieves a purchase; retrieving a pending one advances its status, as time would.
  mutating func getPurchase(_ request: TogaiRequest)
    throws(TogaiError) -> Reply
  {
    guard var purchase = purchases[request.id] else { throw .missing("Purchase", request.id) }
    if purchase.text("status") == "PENDING" {
      purchase["status"] = "IN_PROGRESS"
      purchases[request.id] = purchase
      complete(order: purchase.text("invoiceId"))
      purchase = purchases[request.id] ?? purchase
    }
    var answer = shown(purchase)
    answer["features"] = .array(features(of: request.id, at: context.now))
    return Reply(200, .object(answer))
  }

  func listPurchases(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    _ = try account(request.id)
    let own = purchases.all.filter { $0.text("accountId") == request.id }
    return try list(own, request) { purchase in
      .object(
        purchase.without(
          "accountId", "grants", "invoiceId", "effectiveFrom", "effectiveUntil", "expiryDate"))
    }
  }

  /// Grants the credits of an order that is paid, once.
  mutating func complete(order: String) {
    let found = purchases.all.first { purchase in
      purchase.text("invoiceId") == order && purchase.text("status") != "SUCCESS"
    }
    guard var purchase = found, invoices[order]?.text("status") == "PAID" else { return }
    purchase["status"] = "SUCCESS"
    purchase["updatedAt"] = .string(context.now.text)
    purchases[purchase.text("id")] = purchase
    for (index, grant) in (purchase["grants"]?.array ?? []).enumerated() {
      credits.append(
        FeatureCredit(
          account: purchase.text("accountId"), feature: grant["id"].string ?? "",
          name: grant["name"].string ?? "", purchase: purchase.text("id"),
          number: index + 1, granted: grant["credits"].decimal ?? 0,
          from: purchase["effectiveFrom"]?.string ?? context.now.date(),
          until: purchase["effectiveUntil"]?.string ?? "9999-01-01"))
    }
  }

  // MARK: Private

  private func purchase(_ key: String, of account: String) -> Members? {
    purchases.all.first { $0.text("idempotencyKey") == key && $0.text("accountId") == account }
  }

  private func shown(_ purchase: Members) -> Members {
    purchase.without("grants", "pricePlanName")
  }

  private func features(of purchase: String, at now: Timestamp) -> [JSON] {
    credits.filter { $0.purchase == purchase }.map { credit in
      .members([
        "id": .string(credit.feature), "name": .string(credit.name),
        "creditsGranted": .decimal(credit.granted), "creditsAvailable": .decimal(credit.balance),
        "updatedAt": .string(now.text), "effectiveFrom": .string(credit.from + "T00:00:00Z"),
        "effectiveUntil": .string(credit.until + "T00:00:00Z"),
      ])
    }
  }

  /// The factor of the plan's price: the quantity, or the largest quantity of the rate cards.
  private func multiplier(_ body: JSON) throws(TogaiError) -> Decimal {
    let cards = (body["rateCardQuantities"].object ?? [:]).values.compactMap(\.decimal)
    let times = body["quantity"].decimal ?? cards.max() ?? 1
    guard times > 0 else { throw TogaiError(400, "quantity must be more than 0") }
    return times
  }

  /// The credits to grant for each feature of the plan.
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
