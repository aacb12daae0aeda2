import FoundationEssentials
import Values

/// Feature credits granted by a purchase.
struct FeatureCredit: Sendable {
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
