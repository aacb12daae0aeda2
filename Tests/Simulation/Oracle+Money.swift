import Values

extension Oracle {
  var made: [JSON] { all(chargebee["invoices"]) }

  var due: [JSON] {
    all(togai["invoices"]).filter { $0["invoiceClass"] == "INVOICE" && $0["status"] != "DRAFT" }
  }

  func minor(_ json: JSON) -> Int { json.decimal?.minor(places: 2) ?? 0 }

  /// Each invoice of Togai's is in Chargebee once, and as much is left to be paid on both sides.
  mutating func judgeInvoices() {
    guard flows.contains(FlowID.invoices) else { return }
    for invoice in due {
      let id = invoice["id"].string ?? "?"
      let same = made.filter { $0["po_number"].string == id }
      expect(same.count <= 1, "invoice made twice", "\(id) was made \(same.count) times")
      guard let other = same.first else {
        demand(
          Self.mayLack(invoice), "invoice missing", id, by: FlowID.invoices,
          text: "\(id) is not in Chargebee")
        continue
      }
      expect(
        other["total"].int == minor(invoice["totalAmount"]), "wrong total",
        "\(id) is over \(invoice["totalAmount"].text) in Togai and \(other["total"].text) in Chargebee"
      )
      judgePair(id, invoice, other)
      let comments = all(chargebee["comments"]).count { $0["entity_id"] == other["id"] }
      expect(comments <= 1, "two comments", "invoice \(id) has \(comments) comments")
    }
  }

  /// Whether an invoice of Togai's need not be in another system: it is paid there, or has ended.
  static func mayLack(_ invoice: JSON) -> Bool {
    ["PAID", "VOID", "UN_COLLECTIBLE", "REFUND_INITIATED"].contains(invoice["status"].string)
  }

  private mutating func judgePair(_ id: String, _ invoice: JSON, _ other: JSON) {
    guard !hasEnded(invoice, other) else { return }
    let open = minor(invoice["totalAmount"]) - minor(invoice["paidAmount"])
    let left = other["amount_due"].int ?? 0
    // Credits come to Togai once nothing is due any more
    let carries = flows.contains(FlowID.credits) && other["status"] == "paid"
    let credits = carries ? 0 : other["credits_applied"].int ?? 0
    let text = "of \(id) \(open) cents are open in Togai and \(left) in Chargebee"
    if flows.contains(FlowID.returns) {
      demand(
        left <= open, "payment missing in Chargebee", id, by: FlowID.returns, FlowID.invoices,
        text: text)
    }
    if flows.contains(FlowID.payments) {
      demand(
        open <= left + credits, "payment missing in Togai", id, by: FlowID.payments,
        FlowID.credits, text: text)
    }
  }

  /// Each payment is written down on the other side once.
  mutating func judgePayments() {
    var counts: [String: Int] = [:]
    for payment in all(togai["payments"]) {
      let reference = payment["externalPaymentReferences"]
      guard reference[path: "metadata.origin"] == "meterbridge" else { continue }
      let records = payment["lineItemRecords"].array?.compactMap { $0["togaiId"].string } ?? []
      for record in records {
        counts["\(reference["transactionNumber"].text) on \(record) in Togai", default: 0] += 1
      }
    }
    for transaction in all(chargebee["transactions"]) {
      guard let reference = transaction["reference_number"].string else { continue }
      counts["\(reference) in Chargebee", default: 0] += 1
    }
    for (payment, count) in counts.sorted(by: { $0.key < $1.key }) where count > 1 {
      found.append(Wrong("payment made twice", "\(payment) was written down \(count) times"))
    }
  }

  /// Each payment for the plan grants it once.
  mutating func judgeGrants() {
    guard flows.contains(FlowID.grants) else { return }
    let plans = Set(made.filter { !$0["subscription_id"].isNull }.compactMap { $0["id"].string })
    let paid = all(chargebee["transactions"]).filter { transaction in
      transaction["linked_invoices"].array?.contains {
        plans.contains($0["invoice_id"].string ?? "")
      } ?? false
    }
    let purchases = all(togai["purchases"])
    let customers = Set(paid.compactMap { $0["customer_id"].string })
    for id in customers.union(purchases.compactMap { $0["accountId"].string }).sorted() {
      let due = paid.count { $0["customer_id"].string == id }
      let own = purchases.filter { $0["accountId"].string == id }
      expect(
        own.count <= due, "granted twice", "\(id) has \(own.count) purchases for \(due) payments")
      let good = own.count { $0["status"] == "SUCCESS" }
      demand(
        good >= due, "grant missing", id, by: FlowID.grants,
        text: "\(id) has \(good) purchases for \(due) payments")
    }
    let granted = all(togai["credits"]).reduce(0) { $0 + ($1["granted"].int ?? 0) }
    let good = purchases.count { $0["status"] == "SUCCESS" }
    expect(granted == 1000 * good, "wrong credits", "\(granted) credits for \(good) purchases")
  }
}
