import FoundationEssentials
import StepKit
import Values

/// Sets the quantities of licenses of an account to those of the running subscriptions of its customer.
///
/// | quantity in Togai | result |
/// |---|---|
/// | that of the subscriptions | unchanged |
/// | another, or none | set, once for each state of the subscriptions |
/// | outcome unknown | the updates are read again; if it is not set, retried later |
///
/// Source: `license_updates` of https://docs.togai.com/api-reference.
struct LicenseQuantities {
  let account: String
  /// The app that has the subscriptions.
  let app: String
  /// The id of the subscription that changed.
  let changed: String
  let table: PriceTable
  let subscriptions: [Subscription]
  let answers: [String: Answer]

  /// The links of what subscriptions gave, and notes of what was set.
  func results() throws(Halt) -> (links: [Effect], notes: [String]) {
    let wanted = wanted()
    let rest = try gone(besides: wanted.map(\.license))
    let notes = try (wanted.map { ($0.license, $0.quantity) } + rest.map { ($0, 0) })
      .batchMap { (license, quantity) throws(Halt) in try set(license, to: quantity) }
    let links = wanted.flatMap { wanted in wanted.subscriptions.map { link($0, wanted.license) } }
    return (links, notes.compactMap(\.self))
  }

  // MARK: Private

  private struct Wanted {
    let license: String
    let quantity: Decimal
    let subscriptions: [String]
  }

  /// The quantity of each license that an item of a subscription is for.
  private func wanted() -> [Wanted] {
    let items = subscriptions.flatMap { one in
      one.items.compactMap { item in
        table[item.price].map { license in
          (
            license: license, subscription: one.id,
            quantity: one.state == .running ? item.quantity : 0
          )
        }
      }
    }
    return items.map(\.license).distinctByBytes.map { license in
      let own = items.filter { $0.license.hasBytes(of: license) }
      return Wanted(
        license: license, quantity: own.reduce(Decimal(0)) { $0 + $1.quantity },
        subscriptions: own.map(\.subscription).distinctByBytes)
    }
  }

  /// The licenses that the changed subscription gave, and no item is for any more.
  private func gone(besides wanted: [String]) throws(Halt) -> [String] {
    let others = table.ids.filter { license in !wanted.contains { $0.hasBytes(of: license) } }
    let finds = others.map { license in
      Effect.find(
        name: "gave-\(license)", kind: .plan, ids: [app: id(changed, license)], in: TogaiAPI.name)
    }
    if !finds.isEmpty { try answers.require(finds) }
    return others.filter { answers["gave-\($0)"]?.isSuccess == true }
  }

  private func id(_ subscription: String, _ license: String) -> String {
    "\(subscription)/license/\(license)"
  }

  private func link(_ subscription: String, _ license: String) -> Effect {
    let id = id(subscription, license)
    return .link(kind: .plan, ids: [app: id, TogaiAPI.name: id])
  }

  private func set(_ license: String, to quantity: Decimal) throws(Halt) -> String? {
    let thing = "license \(license) of account \(account)"
    let key = key(license, quantity)
    let before = try latest(of: license, "license-\(license)", thing)
    guard answers["set-\(key)"] != nil || before != quantity else { return nil }
    // A license that was never set has nothing to take back
    guard before != nil || quantity > 0 else { return nil }
    let body: JSON = [
      "licenseId": .string(license), "accountId": .string(account), "updateType": "ABSOLUTE",
      "quantity": .number(Numeral(quantity)), "idempotencyKey": .string(key),
    ]
    let set = try answers.answer(to: .post("set-\(key)", "/license_updates", body: body))
    if set.isUnknown {
      let after = try latest(of: license, "license-again-\(license)", thing)
      guard after == quantity else { throw .unanswered("Togai", thing, isMissing: true) }
    } else {
      _ = try TogaiAPI.value(of: set, thing)
    }
    return "set \(thing) to \(quantity)"
  }

  /// The quantity by the latest update; nil if there was none.
  private func latest(
    of license: String, _ name: String, _ thing: String
  ) throws(Halt) -> Decimal? {
    // The newest update comes first
    let query: JSON = [
      "account_id": .string(account), "licenseId": .string(license), "pageSize": 1,
    ]
    let read = try answers.answer(to: .get(name, "/license_updates", query: query))
    guard let update = try TogaiAPI.value(of: read, thing)["data"].items.first else { return nil }
    guard let quantity = update["quantity"].decimal else {
      throw .permanent("the quantity of \(thing) cannot be read: look there, and retry the run")
    }
    return quantity
  }

  /// The key of the update, one for each state of the subscriptions.
  private func key(_ license: String, _ quantity: Decimal) -> String {
    let state = subscriptions.map { "\($0.id)#\($0.version ?? 0)" }.joined(separator: "/")
    return "cb_\(license)_\(quantity)_\(state)".shortened(to: 50)
  }
}
