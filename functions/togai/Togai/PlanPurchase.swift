import FoundationEssentials
import StepKit
import Values

/// Grants the entitlements of a price plan of type PURCHASE for an item that was paid for.
///
/// Togai makes an order of a purchase and grants when the order is paid. The money is in another app
/// already, so its payment is written down on the order.
struct PlanPurchase {
  let grant: PaidGrant
  let account: String
  let payment: Payment
  let options: GrantOptions
  let now: Timestamp
  let answers: [String: Answer]

  private var what: String { "the purchase of price plan \(grant.plan) for account \(account)" }

  /// The purchase, or what must be asked first.
  func result() throws(Failure) -> Part<Granted> {
    let id = try purchaseID()
    guard let id = id.value else { return .needs(id.effects) }

    let first = try purchase("purchase-\(grant.index)", id)
    guard let first = first.value else { return .needs(first.effects) }
    let isDone = first["status"].string == "SUCCESS"
    let made = answers["purchased-\(grant.index)"]?.value["invoiceId"].nonBlank
    guard let order = first["invoiceId"].nonBlank ?? made else {
      guard isDone else { throw pending(id, first) }
      return .has(granted(id, first, ""))
    }

    let paid = try OrderPayment(
      grant: grant, order: order, account: account, payment: payment, answers: answers
    ).result()
    guard let note = paid.value else { return .needs(paid.effects) }
    if isDone { return .has(granted(id, first, note)) }

    let last = try purchase("settled-\(grant.index)", id)
    guard let last = last.value else { return .needs(last.effects) }
    guard last["status"].string == "SUCCESS" else { throw pending(id, last) }
    return .has(granted(id, last, note))
  }
}

// MARK: - Trips

extension PlanPurchase {
  /// The id of the purchase that was made now, or under the same key before.
  ///
  /// What Togai answers to a key that it has seen is not published, so after a refusal the purchases
  /// are looked through as after a lost answer.
  private func purchaseID() throws(Failure) -> Part<String> {
    guard let purchased = answers["purchased-\(grant.index)"] else {
      let path = "/accounts/\(account.percentEncoded)/purchases"
      return .needs([.post("purchased-\(grant.index)", path, body: try body())])
    }
    if purchased.isSuccess {
      guard let id = purchased.value["id"].nonBlank else { throw .permanent("\(what) got no id") }
      return .has(id)
    }
    guard purchased.isUnknown || Togai.isNothing(purchased) else {
      throw Togai.failure(purchased, what)
    }
    guard let list = answers["purchases-\(grant.index)"] else {
      let path = "/accounts/\(account.percentEncoded)/purchases"
      return .needs([.get("purchases-\(grant.index)", path)])
    }
    // Where the account is refused too, the first refusal says more
    let purchases = Togai.isNothing(list) ? .null : try Togai.value(of: list, what)["data"]
    let own = purchases.array?.first { $0["idempotencyKey"].string == grant.idempotencyKey }
    if let id = own?["id"].nonBlank { return .has(id) }
    guard purchased.isUnknown else { throw Togai.failure(purchased, what) }
    throw .temporary("\(what) is in doubt and not there yet", after: 30)
  }

  private func body() throws(Failure) -> JSON {
    let quantity = grant.item.quantity
    guard Int32(exactly: quantity) != nil else {
      throw .permanent(
        "\(quantity) of item price \(grant.item.price) are more than Togai can count")
    }
    let from = grant.item.from.map(options.offset.date)
    let isAhead = from.map { $0 > options.offset.date(now) } ?? false
    return .members([
      "pricePlanId": .string(grant.plan), "type": "ENTITLEMENT_GRANT",
      "quantity": options.feature == nil ? .int(quantity) : nil,
      "rateCardQuantities": options.feature.map { [$0: .number(Numeral(quantity))] }
        .map(JSON.object),
      "idempotencyKey": .string(grant.idempotencyKey), "effectiveFrom": isAhead ? .text(from) : nil,
    ])
  }

  private func purchase(_ name: String, _ id: String) throws(Failure) -> Part<JSON> {
    guard let answer = answers[name] else {
      return .needs([.get(name, "/purchases/\(id.percentEncoded)")])
    }
    let purchase = try Togai.value(of: answer, "purchase \(id)")
    let status = purchase["status"].nonBlank ?? "without a status"
    guard ["SUCCESS", "PENDING", "IN_PROGRESS"].contains(status) else {
      let comment = purchase["comment"].nonBlank.map { ": \($0.truncated(to: 300))" } ?? ""
      throw .permanent("Togai purchase \(id) is \(status)\(comment)")
    }
    return .has(purchase)
  }

  private func pending(_ id: String, _ purchase: JSON) -> Failure {
    .temporary("Togai purchase \(id) is \(purchase["status"].nonBlank ?? "pending")", after: 5)
  }

  private func granted(_ id: String, _ purchase: JSON, _ note: String) -> Granted {
    let credits = (purchase["features"].array ?? []).compactMap { feature -> String? in
      guard let count = feature["creditsGranted"].decimal,
        let name = feature["name"].nonBlank ?? feature["id"].nonBlank
      else { return nil }
      return "\(count) \(name.truncated(to: 60))"
    }
    let things = credits.isEmpty ? "price plan \(grant.plan)" : credits.joined(separator: ", ")
    return Granted(
      link: grant.link(.grant, id),
      note: "granted \(things) to account \(account) (purchase \(id))\(note)")
  }
}
