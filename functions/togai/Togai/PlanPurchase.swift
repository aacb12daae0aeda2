import FoundationEssentials
import StepKit
import Values

/// Grants the entitlements of a price plan of type PURCHASE for a paid item.
///
/// Togai makes an order of a purchase and grants when the order is paid. The money is in another app,
/// so its payment is recorded on the order.
struct PlanPurchase {
  let context: GrantContext
  private var grant: PaidGrant { context.grant }
  private var account: String { context.account }
  private var answers: [String: Answer] { context.answers }
  private var thing: String { "the purchase of price plan \(grant.plan) for account \(account)" }

  /// Purchases the plan and records the payment of its order.
  func result() throws(Halt) -> GrantResult {
    guard let quantity = try grant.quantity(context.options.partTerm) else {
      return GrantResult(link: nil, note: "\(grant.key) raised no quantity")
    }
    let id = try purchaseID(quantity)
    let first = try purchase("purchase-\(grant.index)", id)
    let isDone = first["status"].string == "SUCCESS"
    let made = answers["purchased-\(grant.index)"]?.value["invoiceId"].verbatim
    guard let order = first["invoiceId"].verbatim ?? made else {
      guard isDone else { throw pending(id, first) }
      return granted(id, first)
    }
    let finding = try OrderPayment(
      grant: grant, order: order, account: account, payment: context.payment, answers: answers
    ).finding()
    if isDone { return granted(id, first, finding) }

    let last = try purchase("settled-\(grant.index)", id)
    guard last["status"].string == "SUCCESS" else {
      throw finding.map(Halt.notSynced) ?? pending(id, last)
    }
    return granted(id, last, finding)
  }
}

// MARK: - Requests

extension PlanPurchase {
  /// The id of the purchase that is made now or was made with the same key.
  ///
  /// Togai does not document its answer to a key that it has seen, so after a refusal the purchases are
  /// looked through as after an unknown outcome.
  private func purchaseID(_ quantity: Decimal) throws(Halt) -> String {
    let path = "/accounts/\(account.percentEncoded)/purchases"
    let purchased = try answers.answer(
      to: .post("purchased-\(grant.index)", path, body: try body(quantity)))
    if purchased.isSuccess {
      guard let id = purchased.value["id"].verbatim else {
        throw .permanent("\(thing) got no id: look in Togai, and retry the run")
      }
      return id
    }
    guard purchased.isUnknown || TogaiAPI.isRefused(purchased) else {
      throw TogaiAPI.halt(purchased, thing)
    }
    let list = try answers.answer(to: .get("purchases-\(grant.index)", path))
    // If the account is refused too, the first refusal is more specific
    let purchases = TogaiAPI.isRefused(list) ? .null : try TogaiAPI.value(of: list, thing)["data"]
    let own = purchases.items.first {
      $0["idempotencyKey"].string.hasBytes(of: grant.idempotencyKey)
    }
    if let id = own?["id"].verbatim { return id }
    guard purchased.isUnknown else { throw TogaiAPI.halt(purchased, thing) }
    throw .unanswered("Togai", "\(thing)", isMissing: true)
  }

  private func body(_ quantity: Decimal) throws(Halt) -> JSON {
    let options = context.options
    guard quantity <= Decimal(Int(Int32.max)) else {
      throw .permanent(
        "\(quantity) of item price \(grant.item.price) are more than Togai can count:"
          + " grant them by hand in parts, then `meterbridge attention acknowledge`")
    }
    guard options.feature != nil || Int(quantity.description) != nil else {
      throw .notSynced(
        "\(quantity) of item price \(grant.item.price) were paid for, and Togai sells whole plans: name the"
          + " feature in the flow")
    }
    let from = grant.item.from.map(options.offset.date)
    let isAhead = from.map { $0 > options.offset.date(context.now) } ?? false
    return .members([
      "pricePlanId": .string(grant.plan), "type": "ENTITLEMENT_GRANT",
      "quantity": options.feature == nil ? .decimal(quantity) : nil,
      "rateCardQuantities": options.feature.map { [$0: .number(Numeral(quantity))] }
        .map(JSON.object),
      "idempotencyKey": .string(grant.idempotencyKey), "effectiveFrom": isAhead ? .text(from) : nil,
    ])
  }

  private func purchase(_ name: String, _ id: String) throws(Halt) -> JSON {
    let answer = try answers.answer(to: .get(name, "/purchases/\(id.percentEncoded)"))
    let purchase = try TogaiAPI.value(of: answer, "purchase \(id)")
    let status = purchase["status"].nonBlank ?? "without a status"
    guard ["SUCCESS", "PENDING", "IN_PROGRESS"].contains(status) else {
      let comment = purchase["comment"].nonBlank.map { ": \($0.truncated(to: 300))" } ?? ""
      throw .permanent(
        "Togai purchase \(id) is \(status)\(comment): grant by hand what was paid for, then `meterbridge attention acknowledge`"
      )
    }
    return purchase
  }

  private func pending(_ id: String, _ purchase: JSON) -> Halt {
    .temporary("Togai purchase \(id) is \(purchase["status"].nonBlank ?? "pending")", after: 5)
  }

  private func granted(
    _ id: String, _ purchase: JSON, _ finding: String? = nil
  ) -> GrantResult {
    let credits = purchase["features"].items.compactMap { feature -> String? in
      guard let count = feature["creditsGranted"].decimal,
        let name = feature["name"].nonBlank ?? feature["id"].verbatim
      else { return nil }
      return "\(count) \(name.truncated(to: 60))"
    }
    let granted = credits.isEmpty ? "price plan \(grant.plan)" : credits.joined(separator: ", ")
    return GrantResult(
      link: grant.link(.grant, id),
      note: "granted \(granted) to account \(account) (purchase \(id))", finding: finding)
  }
}
