import FoundationEssentials
import Values

/// Feature credits granted by a purchase.
struct FeatureCredit: Sendable {
  let account: String
  let feature: String
  let name: String
  let purchase: String
  /// Its number among the credits of the purchase.
  let number: Int
  let granted: Decimal
  let from: String
  let until: String
  var used: Decimal = 0
  var isVoid = false

  /// What is left of it.
  var balance: Decimal { isVoid ? 0 : granted - used }

  var json: JSON {
    .members([
      "accountId": .string(account), "featureId": .string(feature),
      "purchaseId": .string(purchase), "granted": .decimal(granted),
      "used": .decimal(used), "status": .string(isVoid ? "VOIDED" : "ACTIVE"),
    ])
  }
}
