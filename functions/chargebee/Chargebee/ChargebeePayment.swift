public import StepKit
public import Values

/// Reads a Chargebee payment with all that it was for.
public struct ChargebeePayment: Sendable {
  /// What was read: the payment, or why there is nothing to do.
  public enum Reading: Sendable {
    /// A payment for something.
    case payment(Payment)
    /// No payment for anything that concerns this connection.
    case nothing(String)
  }

  private let call: Invocation<JSON>
  private let event: ChargebeeEvent

  /// The reading of a call, as far as its answers go.
  public init(_ call: Invocation<JSON>, _ event: ChargebeeEvent) {
    self.call = call
    self.event = event
  }

  /// The payment, or what must be asked first.
  public func reading() throws(Failure) -> Part<Reading> {
    let content = try content()
    guard let content = content.value else { return .needs(content.effects) }
    if let objection = content.objection { return .has(.nothing(objection)) }

    let pages = InvoicePages(content: content, answers: call.answers)
    let invoices = try pages.invoices()
    guard let invoices = invoices.value else { return .needs(invoices.effects) }
    return .has(try filtered(try payment(content, invoices)))
  }

  private func content() throws(Failure) -> Part<PaidContent> {
    let claimed = PaidContent(event)
    // What is nothing to us need not be verified
    if claimed.transaction.object != nil, claimed.objection != nil { return .has(claimed) }
    guard call.option("verify").bool ?? true else { return .has(claimed) }
    return try PaidContent.verified(event, call.answers)
  }
}

// MARK: - The noun

extension ChargebeePayment {
  private func payment(_ content: PaidContent, _ invoices: [JSON]) throws(Failure) -> Payment {
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
  ) throws(Failure) -> PaidInvoice {
    guard let id = invoice["id"].nonBlank,
      let currency = invoice["currency_code"].nonBlank
        ?? content.transaction["currency_code"].nonBlank
    else { throw .permanent("an invoice of the payment lacks an id or a currency") }
    let isPaid = invoice["status"].string == "paid" || invoice["amount_due"].int == 0
    var paid = PaidInvoice(
      ids: [Chargebee.name: id], isPaid: isPaid && invoice["status"].string != "voided",
      items: PaidItems.items(
        of: invoice, currency: currency, try currencies.places(of: currency)))
    paid.reference = invoice["po_number"].nonBlank
    paid.applied = try currencies.amount(content.applied(to: invoice), currency)
    return paid
  }

  /// Without an invoice the payment stands for one, and the subscription says what is sold.
  private func subscribed(
    _ content: PaidContent, _ id: String, _ currencies: CurrencyPlaces
  ) throws(Failure) -> [PaidInvoice] {
    let items = try PaidItems.items(of: content.subscription, currencies)
    guard !items.isEmpty else { return [] }
    return [PaidInvoice(ids: [Chargebee.name: id], isPaid: true, items: items)]
  }

  private func customer(_ content: PaidContent, _ invoices: [JSON]) throws(Failure) -> Customer {
    if content.customer["id"].nonBlank != nil { return try Customer(chargebee: content.customer) }
    let ids = [content.transaction["customer_id"]] + invoices.map { $0["customer_id"] }
    guard let id = ids.lazy.compactMap(\.nonBlank).first else {
      throw .permanent("the payment names no customer")
    }
    return Customer(ids: [Chargebee.name: id])
  }
}

// MARK: - What concerns the connection

extension ChargebeePayment {
  /// Keeps what is for the connection's item price, if it has one, and the invoices that another app
  /// asked for: those are its own, whatever is on them.
  private func filtered(_ payment: Payment) throws(Failure) -> Reading {
    guard !payment.invoices.isEmpty else {
      return .nothing("the payment is for no invoice and no subscription: an excess payment")
    }
    guard let price = call.option("itemPrice").nonBlank else { return .payment(payment) }
    var payment = payment
    let paidFor = Set(payment.invoices.flatMap(\.items).map(\.price)).sorted()
    for index in payment.invoices.indices {
      payment.invoices[index].items.removeAll { $0.price != price }
    }
    payment.invoices.removeAll { $0.items.isEmpty && $0.reference == nil }
    guard payment.invoices.isEmpty else { return .payment(payment) }
    guard !paidFor.isEmpty else {
      return .nothing("the payment is for nothing that has an item price")
    }
    let names = paidFor.prefix(20).joined(separator: ", ").truncated(to: 500)
    return .nothing("the payment is for item price \(names), and this connection for \(price)")
  }
}
