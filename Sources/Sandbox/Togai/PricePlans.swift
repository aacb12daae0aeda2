import FoundationEssentials
import Values

extension Togai {
  func pricePlan(_ id: String) throws(TogaiError) -> Members {
    guard let plan = pricePlans[id] else { throw .missing("Price plan", id) }
    return plan
  }

  /// The plan as `GET /price_plans/{id}` shows it.
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

  /// The plan as the list shows it.
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
