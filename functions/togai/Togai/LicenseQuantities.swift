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
  let table: LicenseTable
  let subscriptions: [Subscription]
  let answers: [String: Answer]

  /// Notes of what was set.
  func notes() throws(Halt) -> [String] {
    try wanted().enumerated().batchMap { (index, wanted) throws(Halt) in
      try set(wanted.license, to: wanted.quantity, index)
    }.compactMap(\.self)
  }

  // MARK: Private

  /// The quantity of each license that an item of a subscription is for.
  private func wanted() -> [(license: String, quantity: Decimal)] {
    let items = subscriptions.flatMap { one in
      one.items.compactMap { item in
        table.license(for: item.price).map { license in
          (license: license, quantity: one.state == .running ? item.quantity : 0)
        }
      }
    }
    return items.map(\.license).distinctByBytes.map { license in
      let own = items.filter { $0.license.hasBytes(of: license) }
      return (license, own.reduce(Decimal(0)) { $0 + $1.quantity })
    }
  }

  private func set(
    _ license: String, to quantity: Decimal, _ index: Int
  ) throws(Halt) -> String? {
    let thing = "license \(license) of account \(account)"
    let before = try latest(of: license, "license-\(index)", thing)
    guard answers["set-\(index)"] != nil || before != quantity else { return nil }
    // A license that was never set has nothing to take back
    guard before != nil || quantity > 0 else { return nil }
    let body: JSON = [
      "licenseId": .string(license), "accountId": .string(account), "updateType": "ABSOLUTE",
      "quantity": .number(Numeral(quantity)), "idempotencyKey": .string(key(license, quantity)),
    ]
    let set = try answers.answer(to: .post("set-\(index)", "/license_updates", body: body))
    if set.isUnknown {
      let after = try latest(of: license, "license-again-\(index)", thing)
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
      throw .permanent("the quantity of \(thing) cannot be read: a person must look")
    }
    return quantity
  }

  /// The key of the update, one for each state of the subscriptions.
  private func key(_ license: String, _ quantity: Decimal) -> String {
    let state = subscriptions.map { "\($0.id)#\($0.version ?? 0)" }.joined(separator: "/")
    return "cb_\(license)_\(quantity)_\(state)".shortened(to: 50)
  }
}
