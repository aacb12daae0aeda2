import FoundationEssentials
import Values

extension Chargebee {
  /// Changes the quantities of a subscription in the middle of its term, prorated and billed at once.
  ///
  /// What is left of the former quantities is paid back by a credit note on the invoice of the term:
  /// refundable if that was paid, and then applied to the new invoice by itself, else an adjustment.
  /// Source: https://www.chargebee.com/docs/2.0/proration.html.
  mutating func changePlan(_ body: JSON) throws(SandboxError) -> JSON {
    let request = try ControlRequest(body, "subscription", "items")
    let id = try request.text("subscription")
    guard var subscription = subscriptions[id] else {
      throw SandboxError("subscription \(id) is not known")
    }
    let (start, end) = (
      subscription.int("current_term_start"), subscription.int("current_term_end")
    )
    let now = context.now.seconds
    guard start < now, now < end else { throw SandboxError("it is not within the term") }
    guard let former = invoices.all.last(where: { $0.text("subscription_id") == id }) else {
      throw SandboxError("the term has no invoice")
    }
    let items = try items(request)
    func prorated(_ price: Members) -> Int {
      let exact = Decimal(price.int("price")) * Decimal(end - now) / Decimal(end - start)
      return exact.minor(places: 0) ?? 0
    }
    let credited = (subscription["subscription_items"]?.array ?? []).compactMap { item in
      itemPrices[item["item_price_id"].string ?? ""].map { ($0, item["quantity"].int ?? 1) }
    }
    let lines = credited.map { price, quantity in
      CreditLine(
        description: "\(price.text("name")) - prorated credit",
        amount: prorated(price) * quantity, quantity: quantity, price: price, from: now, to: end)
    }
    let cause = Cause(source: .console)
    let isPaid = former.text("status") == "paid"
    let note = keepCreditNote(
      isPaid ? "refundable" : "adjustment", on: former, lines: lines, reason: "Subscription Change",
      by: cause)
    if !isPaid { try settle(former.text("id"), by: note) }

    subscription["subscription_items"] = .array(items.map(Self.subscriptionItem))
    stamp(&subscription)
    subscriptions[id] = subscription
    let customer = subscription.text("customer_id")
    let sum = InvoiceSum(
      items.map { price, quantity in
        var line = line(price, quantity, in: subscription)
        line.unitAmount = prorated(price)
        line.from = now
        return line
      }, discounts: [], taxRate: settings.taxRate, isInclusive: settings.hasInclusivePrices)
    let invoice = keep(
      InvoiceDraft(
        customer: customers[customer] ?? [:], subscription: id,
        currency: subscription.text("currency_code"), sum: sum, date: now))
    var content = content(ofCustomer: customer)
    content["subscription"] = .object(subscription)
    content["invoice"] = invoices.json(invoice)
    content["credit_notes"] = .array([creditNotes.json(note) ?? .null])
    announce("subscription_changed", content, by: cause)
    announceInvoice("invoice_generated", invoice, by: cause)
    if invoices[invoice]?.int("amount_due") ?? 0 > 0 { _ = takePayment(of: invoice, by: cause) }
    return .members([
      "invoice": invoices.json(invoice), "credit_note": creditNotes.json(note),
      "subscription": .object(subscription),
    ])
  }

  // MARK: Private

  /// Settles an open invoice by an adjustment credit note that is there already.
  private mutating func settle(_ id: String, by note: String) throws(SandboxError) {
    guard var invoice = invoices[id], let total = creditNotes[note]?.int("total"),
      total <= invoice.int("amount_due")
    else { throw SandboxError("the invoice of the term has not that much open") }
    let left = invoice.int("amount_due") - total
    invoice.merge([
      "amount_adjusted": .int(invoice.int("amount_adjusted") + total), "amount_due": .int(left),
      "amount_to_collect": .int(left),
      "adjustment_credit_notes": .array(
        (invoice["adjustment_credit_notes"]?.array ?? []) + [reference(to: note)]),
    ])
    if left == 0 { invoice.merge(["status": "paid", "paid_at": .int(context.now.seconds)]) }
    stamp(&invoice)
    invoices[id] = invoice
    announceInvoice("invoice_updated", id, by: Cause(source: .console))
  }
}
