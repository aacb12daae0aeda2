import Values

extension Togai {
  func pricePlan(_ id: String) throws(TogaiError) -> Members {
    guard let plan = pricePlans[id] else { throw .missing("Price plan", id) }
    return plan
  }

  /// The plan with an ID, which must be active, of a type, and support the account's currency.
  func activePlan(_ id: String, type: String, for account: Members) throws(TogaiError) -> Members {
    let plan = try pricePlan(id)
    guard plan.text("type") == type, plan.text("status") == "ACTIVE" else {
      throw TogaiError(400, "price plan \(id) is not an active \(type.lowercased()) plan")
    }
    let currency = account["invoiceCurrency"] ?? .null
    guard plan["currencies"]?.array?.contains(currency) == true else {
      throw TogaiError(400, "price plan does not support \(currency.string ?? "the currency")")
    }
    return plan
  }

  /// The plan as `GET /price_plans/{id}` returns it.
  func details(of plan: Members) -> JSON {
    let schedule = JSON.members([
      "id": plan["scheduleId"], "pricePlanDetails": terms(of: plan), "version": 1,
      "startDate": plan["createdAt"], "endDate": "9999-01-01T00:00:00Z", "isOverriden": false,
    ])
    return .members([
      "id": plan["id"], "name": plan["name"], "type": plan["type"], "status": plan["status"],
      "pricingSchedule": [schedule],
    ])
  }

  /// The plan as the list contains it.
  func summary(of plan: Members) -> JSON {
    .members([
      "id": plan["id"], "name": plan["name"], "type": plan["type"], "status": plan["status"],
      "version": 1, "usageMeters": [], "pricePlanDetails": terms(of: plan),
      "createdAt": plan["createdAt"], "updatedAt": plan["updatedAt"],
    ])
  }

  // MARK: Private

  private func terms(of plan: Members) -> JSON {
    let currencies = plan["currencies"] ?? []
    let cards = (plan["features"]?.array ?? []).map { feature in
      JSON.members([
        "featureId": feature["id"], "displayName": feature["name"], "invoiceTiming": "PREPAID",
        "featureConfigs": [
          .members(["effectiveUntil": "P1Y", "featureCreditLimit": feature["credits"]])
        ],
        "ratePlan": ["pricingModel": "TIERED", "slabs": []], "rateValues": [],
      ])
    }
    return .members([
      "supportedCurrencies": currencies, "activeCurrencies": currencies, "type": plan["type"],
      "billingEntitlementRateCards": cards.isEmpty ? nil : .array(cards),
    ])
  }
}
