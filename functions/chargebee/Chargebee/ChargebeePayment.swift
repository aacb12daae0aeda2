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
    if let objection = content.objection { return .stop(objection) }
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
    guard let id = transaction["id"].nonBlank else {
      throw .permanent("the event names no payment: content.transaction.id is missing")
    }
    guard let currency = transaction["currency_code"].nonBlank?.uppercased(),
      let amount = try currencies.amount(transaction["amount"], currency),
      let seconds = transaction["date"].int ?? event.json["occurred_at"].int
    else {
      throw .permanent("payment \(id.truncated(to: 60)) lacks an amount, a currency or a date")
    }

    var paid: [PaidInvoice] = []
    for invoice in invoices { paid.append(try self.paid(invoice, content, currencies)) }
    if paid.isEmpty { paid = try subscribed(content, id, currencies) }

    var payment = Payment(
      ids: [Chargebee.name: id], customer: try customer(content, invoices),
      money: Money(amount, currency), at: Timestamp(seconds: seconds), invoices: paid)
    payment.method = transaction["payment_method"].nonBlank
    payment.gatewayReference =
      [transaction["gateway"].nonBlank, transaction["id_at_gateway"].nonBlank]
      .compactMap(\.self).joined(separator: " ").nonBlank
    payment.reference = transaction["reference_number"].nonBlank
    return payment
  }

  private func paid(
    _ invoice: JSON, _ content: PaidContent, _ currencies: CurrencyPlaces
  ) throws(Halt) -> PaidInvoice {
    guard let id = invoice["id"].nonBlank,
      let currency = invoice["currency_code"].nonBlank
        ?? content.transaction["currency_code"].nonBlank
    else { throw .permanent("an invoice of the payment lacks an id or a currency") }
    let isPaid = invoice["status"].string == "paid" || invoice["amount_due"].int == 0
    var paid = PaidInvoice(
      ids: [Chargebee.name: id], isPaid: isPaid && invoice["status"].string != "voided",
      items: PaidItems.items(of: invoice, places: try currencies.places(of: currency)))
    paid.reference = invoice["po_number"].nonBlank
    paid.applied = try currencies.amount(content.applied(to: invoice), currency)
    return paid
  }

  /// For a payment without an invoice: the items of the subscription, under the payment's own id.
  private func subscribed(
    _ content: PaidContent, _ id: String, _ currencies: CurrencyPlaces
  ) throws(Halt) -> [PaidInvoice] {
    let items = try PaidItems.items(of: content.subscription, currencies)
    guard !items.isEmpty else { return [] }
    return [PaidInvoice(ids: [Chargebee.name: id], isPaid: true, items: items)]
  }

  private func customer(_ content: PaidContent, _ invoices: [JSON]) throws(Halt) -> Customer {
    if content.customer["id"].nonBlank != nil { return try Customer(chargebee: content.customer) }
    let ids = [content.transaction["customer_id"]] + invoices.map { $0["customer_id"] }
    guard let id = ids.lazy.compactMap(\.nonBlank).first else {
      throw .permanent("the payment names no customer")
    }
    return Customer(ids: [Chargebee.name: id])
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
    let paidFor = Set(payment.invoices.flatMap(\.items).map(\.price)).sorted()
    for index in payment.invoices.indices {
      payment.invoices[index].items.removeAll { $0.price != price }
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
