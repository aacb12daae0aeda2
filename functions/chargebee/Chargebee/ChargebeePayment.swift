import FoundationEssentials
public import StepKit
public import Values

/// Reads a Chargebee payment with everything that it was for.
public struct ChargebeePayment: Sendable {
  private let call: Invocation<JSON>
  private let event: ChargebeeEvent

  /// The payment of an event.
  public init(_ call: Invocation<JSON>, _ event: ChargebeeEvent) {
    self.call = call
    self.event = event
  }

  /// The payment, or a stop if it is for nothing that concerns the connection.
  public func reply() throws(Halt) -> Reply<Payment> {
    let content = try content()
    if let objection = content.objection ?? content.unused { return .stop(objection) }
    try content.customer.checkCurrent()
    let invoices = try InvoicePages(content: content, answers: call.answers).invoices()
    return filtered(try payment(content, invoices))
  }

  private func content() throws(Halt) -> PaidContent {
    let claimed = PaidContent(event)
    // An event that is skipped anyway need not be verified
    if claimed.transaction.object != nil, claimed.objection != nil { return claimed }
    guard call.option("verify").bool ?? true else { return claimed }
    return try PaidContent.verified(event, call.answers)
  }
}

// MARK: - Payment

extension ChargebeePayment {
  private func payment(_ content: PaidContent, _ invoices: [JSON]) throws(Halt) -> Payment {
    let transaction = content.transaction
    let currencies = try CurrencyPlaces(call.settings["currencyPlaces"])
    guard let id = transaction["id"].verbatim else {
      throw .permanent(
        "the event names no payment: content.transaction.id is missing; look at it with `meterbridge event show`"
      )
    }
    guard let currency = transaction["currency_code"].nonBlank?.uppercased(),
      let amount = try currencies.amount(transaction["amount"], currency),
      let seconds = transaction["date"].int ?? event.json["occurred_at"].int
    else {
      throw .permanent(
        "payment \(id.truncated(to: 60)) lacks an amount, a currency or a date:"
          + " look there, and retry the run")
    }

    let customer = try customer(content, invoices)
    let sold = SoldItems(
      subscription: content.subscription, payer: customer.ids[ChargebeeAPI.name],
      currencies: currencies, answers: call.answers)
    let items = try sold.items(
      of: invoices, invoices.map { $0["currency_code"].nonBlank ?? currency })
    var paid: [PaidInvoice] = []
    for (invoice, items) in zip(invoices, items) {
      paid.append(try self.paid(invoice, items, content, currencies))
    }
    if paid.isEmpty {
      let subscribed = SubscribedItems(
        subscription: content.subscription, currencies: currencies, currency: currency)
      paid = try self.subscribed(try subscribed.items(), content, id)
    }

    var payment = Payment(
      ids: [ChargebeeAPI.name: id], customer: customer,
      money: Money(amount, currency), at: Timestamp(seconds: seconds), invoices: paid)
    payment.method = transaction["payment_method"].nonBlank
    payment.gatewayReference = transaction.gatewayReference
    payment.reference = transaction["reference_number"].nonBlank
    return payment
  }

  private func paid(
    _ invoice: JSON, _ items: [PaidItem], _ content: PaidContent, _ currencies: CurrencyPlaces
  ) throws(Halt) -> PaidInvoice {
    guard let id = invoice["id"].verbatim,
      let currency = invoice["currency_code"].nonBlank
        ?? content.transaction["currency_code"].nonBlank
    else {
      throw .permanent(
        "an invoice of the payment lacks an id or a currency: look there, and retry the run")
    }
    let isPaid = invoice["status"].string == "paid" || invoice["amount_due"].amount == 0
    // A write-off leaves nothing due, but brings no money
    let isWrittenOff = invoice["write_off_amount"].amount.map { $0 > 0 } ?? false
    var paid = PaidInvoice(
      ids: [ChargebeeAPI.name: id],
      isPaid: isPaid && !isWrittenOff && invoice["status"].string != "voided", items: items)
    paid.reference =
      InvoiceReference(call.settings).id(of: invoice) ?? invoice["po_number"].verbatim
    let applied = content.applied(to: invoice)
    paid.applied = applied.minorUnits(try currencies.places(of: currency))
    guard applied.isNull || paid.applied != nil else {
      throw .permanent(
        "what invoice \(id.truncated(to: 60)) got of the payment cannot be read: look there,"
          + " and retry the run")
    }
    return paid
  }

  /// For a payment without an invoice: the items of the subscription, under the payment's own id.
  private func subscribed(
    _ items: [PaidItem], _ content: PaidContent, _ id: String
  ) throws(Halt) -> [PaidInvoice] {
    guard !items.isEmpty else {
      guard let subscription = content.subscription["id"].verbatim else { return [] }
      throw .notSynced(
        "the payment is for no invoice, and subscription \(subscription.truncated(to: 60)) names"
          + " neither an item price nor a plan: grant by hand what was paid for,"
          + " then `meterbridge attention acknowledge`")
    }
    var items = items
    let user = content.subscription["customer_id"].verbatim
    if let user, let payer = content.customer["id"].verbatim, !user.hasBytes(of: payer) {
      for index in items.indices {
        items[index].customer = Customer(ids: [ChargebeeAPI.name: user])
      }
    }
    return [PaidInvoice(ids: [ChargebeeAPI.name: id], isPaid: true, items: items)]
  }

  private func customer(_ content: PaidContent, _ invoices: [JSON]) throws(Halt) -> Customer {
    if content.customer["id"].verbatim != nil { return try Customer(chargebee: content.customer) }
    let ids = [content.transaction["customer_id"]] + invoices.map { $0["customer_id"] }
    guard let id = ids.lazy.compactMap(\.nonBlank).first else {
      throw .permanent("the payment names no customer: look there, and retry the run")
    }
    return Customer(ids: [ChargebeeAPI.name: id])
  }
}

// MARK: - Item price of the connection

extension ChargebeePayment {
  /// Keeps the items of the connection's item price, if it has one, and the invoices that another app
  /// asked for, whatever their items.
  private func filtered(_ payment: Payment) -> Reply<Payment> {
    guard !payment.invoices.isEmpty else {
      return .stop("the payment is for no invoice and no subscription: an excess payment")
    }
    guard let price = call.option("itemPrice").nonBlank else { return .done(payment) }
    var payment = payment
    let paidFor = payment.invoices.flatMap(\.items).map(\.price).distinctByBytes
    for index in payment.invoices.indices {
      payment.invoices[index].items.removeAll { !$0.price.hasBytes(of: price) }
    }
    payment.invoices.removeAll { $0.items.isEmpty && $0.reference == nil }
    guard payment.invoices.isEmpty else { return .done(payment) }
    guard !paidFor.isEmpty else {
      return .stop("the payment is for nothing that has an item price")
    }
    let names = paidFor.prefix(20).joined(separator: ", ").truncated(to: 500)
    return .stop("the payment is for item price \(names), and this connection for \(price)")
  }
}
