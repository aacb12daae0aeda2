import FoundationEssentials
import StepKit
import Values

/// Records a payment of another app on an invoice or order in Togai, once.
///
/// Togai's payments have no idempotency keys, so the list of payments is read before one is created,
/// and again if the outcome is unknown.
struct InvoicePayment {
  /// The outcome, with the invoice as it was before.
  enum Outcome {
    /// Recorded now; the id is that of Togai's payment, if known.
    case paid(TogaiInvoice, amount: Decimal, id: String?)
    /// Recorded before, or nothing is due.
    case paidBefore(TogaiInvoice, id: String?)
    /// Refused by Togai.
    case refused(TogaiInvoice, Failure)
  }

  /// The origin in the metadata of a payment that was made elsewhere and only recorded in Togai.
  static let origin = "meterbridge"

  /// `order` or `invoice`.
  let noun: String
  /// The index of the invoice in the payment, for effect names.
  let index: Int
  /// The invoice's id in Togai.
  let invoice: String
  /// The app that was paid.
  let app: String
  /// The transaction number, which identifies the payment: its id in that app.
  let number: String
  /// The description.
  let subject: String
  let payment: Payment
  let answers: [String: Answer]
  /// The account; without one, the invoice's owner.
  var account: String?
  /// The account that pays if the invoice's owner is a group of accounts.
  var payer: String?
  /// The part of the payment for the invoice, in major units; without one, the amount that is due.
  var amount: Decimal?
  /// Whether nothing is due any more in the app that was paid.
  var isLast = false

  private var thing: String { "the payment of \(noun) \(invoice)" }

  /// Records the payment; link effects that come first are performed with the first read.
  func result(after links: [Effect] = []) throws(Halt) -> Outcome {
    try answers.require(links + [read("\(noun)-\(index)")])
    let invoice = try current("\(noun)-\(index)")
    let open = invoice.total - invoice.paid
    guard invoice.status != "PAID", open > 0 else { return .paidBefore(invoice, id: nil) }
    guard ["DRAFT", "DUE", "PARTIALLY_PAID", "UN_COLLECTIBLE"].contains(invoice.status) else {
      throw .permanent("\(noun) \(self.invoice) is \(invoice.status): a person must look")
    }

    let amount = settled(min(try amount(of: invoice) ?? open, open), of: open)
    if answers["paid-\(index)"] == nil, let known = try recorded("payments-\(index)") {
      return .paidBefore(invoice, id: known["id"].nonBlank)
    }
    let paid = try answers.answer(
      to: .post("paid-\(index)", "/payments", body: body(invoice, amount)))
    if paid.isUnknown { return try recovered(invoice) }
    if Togai.isRefused(paid) { return .refused(invoice, Togai.failure(paid, thing)) }
    let made = try Togai.value(of: paid, thing)
    return .paid(invoice, amount: amount, id: made["id"].nonBlank)
  }
}

// MARK: - Lookup

extension InvoicePayment {
  private func read(_ name: String) -> Effect { .get(name, "/invoices/\(invoice.percentEncoded)") }

  private func current(_ name: String) throws(Halt) -> TogaiInvoice {
    let answer = try answers.answer(to: read(name))
    return TogaiInvoice(try Togai.value(of: answer, "\(noun) \(invoice)"), id: invoice)
  }

  /// The payment after a request with an unknown outcome.
  private func recovered(_ before: TogaiInvoice) throws(Halt) -> Outcome {
    let now = try current("\(noun)-again-\(index)")
    let known = try recorded("payments-again-\(index)")
    // If the invoice is paid and this payment is not listed, another payment paid it meanwhile
    guard known != nil || now.status == "PAID" else {
      throw .temporary("\(thing) is in doubt and not there yet", after: 30)
    }
    return .paidBefore(before, id: known?["id"].nonBlank)
  }

  /// This payment in the list of payments, which is read back to the time of the payment.
  private func recorded(_ name: String) throws(Halt) -> JSON? {
    var found: JSON?
    try Pages.payments(name, answers).read { items in
      found = items.first(where: isThis)
      return found == nil && items.last.map { !isBefore($0) } ?? false
    }
    return found
  }

  private func isThis(_ json: JSON) -> Bool {
    json[path: "externalPaymentReferences.transactionNumber"].nonBlank == number
      && json["lineItemRecords"].items.contains { $0["togaiId"].nonBlank == invoice }
  }

  private func isBefore(_ json: JSON) -> Bool {
    json["createdAt"].time.map { $0 < payment.at } ?? false
  }
}

// MARK: - Request

extension InvoicePayment {
  private func amount(of invoice: TogaiInvoice) throws(Halt) -> Decimal? {
    guard let amount else { return nil }
    guard let currency = invoice.currency, currency != payment.money.currency else { return amount }
    throw .permanent(
      "\(thing) is in \(payment.money.currency) and the \(noun) in \(currency): a person must look")
  }

  /// The last payment settles a remainder of less than a minor unit: Togai counts in fractions of
  /// cents, which nobody can pay.
  private func settled(_ amount: Decimal, of open: Decimal) -> Decimal {
    let places = Money.places(of: payment.money.currency)
    return isLast && open - amount < Decimal(minor: 1, places: places) ? open : amount
  }

  private func body(_ invoice: TogaiInvoice, _ amount: Decimal) -> JSON {
    let amount = JSON.number(Numeral(amount))
    return .members([
      "accountId": .text(account ?? owner(of: invoice)),
      "currency": .string(invoice.currency ?? payment.money.currency), "totalAmount": amount,
      "description": .string(subject.truncated(to: 512)),
      "externalPaymentReference": .members([
        "sourceName": .string(app.titled), "sourceType": .string(sourceType),
        "transactionNumber": .string(number),
        "description": .text(payment.gatewayReference?.truncated(to: 512)),
        "metadata": ["origin": .string(Self.origin)],
      ]),
      "lineItemRecords": [
        ["type": "INVOICE", "togaiId": .string(self.invoice), "amount": amount, "order": 1]
      ],
    ])
  }

  private func owner(of invoice: TogaiInvoice) -> String? {
    let isGroup = invoice.json["invoiceType"].string == "COMPOSITE"
    return (isGroup ? payer : nil) ?? invoice.owner
  }

  /// Togai's name of the payment method.
  private var sourceType: String {
    let method = payment.method ?? ""
    switch method {
    case "card": return "CARD"
    case "cash": return "CASH"
    case "check": return "CHEQUE"
    case "bank_transfer", "direct_debit": return "BANK_TRANSFER"
    default:
      let isTransfer = method.hasSuffix("_credit") || method.hasSuffix("automated_bank_transfer")
      return isTransfer ? "BANK_TRANSFER" : "GATEWAY"
    }
  }
}
