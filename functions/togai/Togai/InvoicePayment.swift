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
    /// Recorded before; for an order, or for an invoice that was marked as paid, without an id.
    case paidBefore(TogaiInvoice, id: String?)
    /// Not recorded: other payments have paid the whole invoice.
    case paidByOthers(TogaiInvoice)
    /// Refused by Togai.
    case refused(TogaiInvoice, Failure)
  }

  /// `order` or `invoice`.
  let noun: String
  /// The end of the names of reads, distinct for each payment of a step.
  let name: String
  /// The end of the names of changes, which says what they do: a run may begin again and find other payments.
  let change: String
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
  /// The payment method; without one, that of the payment.
  var method: String?
  /// The payment gateway's reference.
  var gatewayReference: String?
  /// The start of the effect names of the list of payments; without one, it is this payment's own.
  var list: String?

  private var thing: String { "the payment of \(noun) \(invoice)" }

  /// Records the payment; link effects that come first are performed with the first read.
  func result(after links: [Effect] = []) throws(Halt) -> Outcome {
    try answers.require(links + [read("\(noun)-\(name)")])
    let invoice = try current("\(noun)-\(name)")
    let total = try invoice.total
    let open = try total - invoice.paid
    let isSettled = invoice.status == "PAID" || open <= 0
    if isSettled, noun == "order" { return .paidBefore(invoice, id: nil) }
    guard
      isSettled || ["DRAFT", "DUE", "PARTIALLY_PAID", "UN_COLLECTIBLE"].contains(invoice.status)
    else {
      throw .permanent(
        "\(thing) is not recorded, since the \(noun) is \(invoice.status): give the money back, or change the"
          + " status in Togai and retry the run")
    }

    let amount = settled(min(try amount(of: invoice) ?? open, open), of: open)
    if amount <= 0, !isSettled { return .paidBefore(invoice, id: nil) }
    if answers["paid-\(change)"] == nil,
      let known = try recorded(list ?? "payments-\(name)", invoice)
    {
      return .paidBefore(invoice, id: known["id"].verbatim)
    }
    // A person may have marked it as paid, without a payment
    if isSettled { return open > 0 ? .paidBefore(invoice, id: nil) : .paidByOthers(invoice) }
    let paid = try answers.answer(
      to: .post("paid-\(change)", "/payments", body: body(invoice, amount)))
    if paid.isUnknown { return try recovered(invoice) }
    if TogaiAPI.isRefused(paid) { return .refused(invoice, TogaiAPI.failure(paid, thing)) }
    let made = try TogaiAPI.value(of: paid, thing)
    return .paid(invoice, amount: amount, id: made["id"].verbatim)
  }
}

// MARK: - Lookup

extension InvoicePayment {
  private func read(_ name: String) -> Effect { .get(name, "/invoices/\(invoice.percentEncoded)") }

  private func current(_ name: String) throws(Halt) -> TogaiInvoice {
    let answer = try answers.answer(to: read(name))
    return TogaiInvoice(try TogaiAPI.value(of: answer, "\(noun) \(invoice)"), id: invoice)
  }

  /// The payment after a request with an unknown outcome.
  private func recovered(_ before: TogaiInvoice) throws(Halt) -> Outcome {
    let now = try current("\(noun)-again-\(name)")
    guard let known = try recorded("payments-again-\(name)", now) else {
      if noun == "order", now.status == "PAID" { return .paidBefore(now, id: nil) }
      // Even if the invoice is paid now, it may be by another payment: the next try tells
      throw .unanswered("Togai", "\(thing)", isMissing: true)
    }
    return .paidBefore(before, id: known["id"].verbatim)
  }

  /// This payment in the list of payments.
  private func recorded(_ name: String, _ invoice: TogaiInvoice) throws(Halt) -> JSON? {
    let payments = InvoicePayments(
      invoice: self.invoice, account: account ?? invoice.account, answers: answers)
    return try payments.all(name).first { $0.transactionNumber.hasBytes(of: number) }
  }
}

// MARK: - Request

extension InvoicePayment {
  private func amount(of invoice: TogaiInvoice) throws(Halt) -> Decimal? {
    guard let amount else { return nil }
    guard let currency = invoice.currency, currency != payment.money.currency else { return amount }
    throw .permanent(
      "\(thing) is in \(payment.money.currency) and the \(noun) in \(currency): record it in Togai by hand,"
        + " then `meterbridge attention acknowledge`")
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
        "description": .text((gatewayReference ?? payment.gatewayReference)?.truncated(to: 512)),
        "metadata": ["origin": .string(JSON.recordedOrigin)],
      ]),
      "lineItemRecords": [
        ["type": "INVOICE", "togaiId": .string(self.invoice), "amount": amount, "order": 1]
      ],
    ])
  }

  private func owner(of invoice: TogaiInvoice) -> String? {
    invoice.account ?? payer ?? invoice.owner
  }

  /// Togai's name of the payment method.
  private var sourceType: String {
    let method = self.method ?? payment.method ?? ""
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
