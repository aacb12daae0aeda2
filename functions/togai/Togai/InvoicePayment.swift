import FoundationEssentials
import StepKit
import Values

/// Writes a payment that was taken in another app on an invoice or order in Togai, once.
///
/// Togai's payments have no idempotency key, so the list is read before one is made, and again where
/// an answer was lost.
struct InvoicePayment {
  /// How it ended, and the invoice as it was before.
  enum Ending {
    /// Written down now; with the id of Togai's payment, if it said one.
    case paid(TogaiInvoice, amount: Decimal, id: String?)
    /// Written down before, or there is nothing left to pay.
    case paidBefore(TogaiInvoice, id: String?)
    /// Togai does not take the payment.
    case refused(TogaiInvoice, Answer)
  }

  /// What says that a payment was made elsewhere and is only written down in Togai.
  static let origin = "meterbridge"
  /// Pages of fifty, the newest first.
  private static let mostPages = 20

  /// What it is to be called: `order` or `invoice`.
  let noun: String
  /// The place of the invoice in the payment: for the names of effects.
  let index: Int
  /// The invoice's id in Togai.
  let invoice: String
  /// The app that was paid.
  let app: String
  /// What the payment is called there: the number by which it is known again.
  let number: String
  /// What the payment is for, in a few words.
  let subject: String
  let payment: Payment
  let answers: [String: Answer]
  /// The account; without one it is the invoice's owner.
  var account: String?
  /// The account that pays where the invoice's owner is a group of accounts.
  var payer: String?
  /// How much of the payment is for the invoice, in the payment's currency; without an amount it is
  /// all that is left to pay.
  var amount: Decimal?
  /// Whether nothing is left to pay in the app that was paid.
  var isLast = false

  private var what: String { "the payment of \(noun) \(invoice)" }

  /// How it ended, or what must be asked first; `before` goes with the first trip.
  func ending(before: [Effect] = []) throws(Failure) -> Part<Ending> {
    guard let read = answers["\(noun)-\(index)"] else {
      return .needs(before + [read("\(noun)-\(index)")])
    }
    let invoice = TogaiInvoice(try Togai.value(of: read, "\(noun) \(invoice)"), id: invoice)
    let open = invoice.total - invoice.paid
    guard invoice.status != "PAID", open > 0 else { return .has(.paidBefore(invoice, id: nil)) }
    guard ["DRAFT", "DUE", "PARTIALLY_PAID", "UN_COLLECTIBLE"].contains(invoice.status) else {
      throw .permanent("\(noun) \(self.invoice) is \(invoice.status): a person must look")
    }

    let amount = settled(min(try amount(of: invoice) ?? open, open), of: open)
    guard let paid = answers["paid-\(index)"] else {
      let known = try recorded("payments-\(index)")
      guard let known = known.value else { return .needs(known.effects) }
      if let known { return .has(.paidBefore(invoice, id: known["id"].nonBlank)) }
      return .needs([.post("paid-\(index)", "/payments", body: body(invoice, amount))])
    }
    if paid.isUnknown { return try found(invoice) }
    guard Togai.isNothing(paid) else {
      let made = try Togai.value(of: paid, what)
      return .has(.paid(invoice, amount: amount, id: made["id"].nonBlank))
    }
    return .has(.refused(invoice, paid))
  }

  /// Why Togai does not take the payment.
  func failure(_ answer: Answer) -> Failure { Togai.failure(answer, what) }
}

// MARK: - Is it there?

extension InvoicePayment {
  private func read(_ name: String) -> Effect { .get(name, "/invoices/\(invoice.percentEncoded)") }

  /// The payment whose answer was lost.
  private func found(_ before: TogaiInvoice) throws(Failure) -> Part<Ending> {
    let name = "\(noun)-again-\(index)"
    guard let read = answers[name] else { return .needs([self.read(name)]) }
    let now = TogaiInvoice(try Togai.value(of: read, "\(noun) \(invoice)"), id: invoice)
    let known = try recorded("payments-again-\(index)")
    guard let known = known.value else { return .needs(known.effects) }
    // One that is paid and whose payment is not listed was paid by another one meanwhile
    guard known != nil || now.status == "PAID" else {
      throw .temporary("\(what) is in doubt and not there yet", after: 30)
    }
    return .has(.paidBefore(before, id: known?["id"].nonBlank))
  }

  /// This payment in the list of payments, which is read until it tells of times before it was taken.
  private func recorded(_ name: String) throws(Failure) -> Part<JSON?> {
    var token: String?
    for page in 0..<Self.mostPages {
      guard let answer = answers["\(name)-\(page)"] else {
        let query = JSON.members(["pageSize": 50, "nextToken": .text(token)])
        return .needs([.get("\(name)-\(page)", "/payments", query: query)])
      }
      let list = try Togai.value(of: answer, "the payments")
      let payments = list["data"].array ?? []
      if let payment = payments.first(where: isThis) { return .has(payment) }
      token = list["nextToken"].nonBlank
      guard token != nil, let last = payments.last, !isBefore(last) else { break }
    }
    return .has(nil)
  }

  private func isThis(_ json: JSON) -> Bool {
    json[path: "externalPaymentReferences.transactionNumber"].nonBlank == number
      && (json["lineItemRecords"].array ?? []).contains { $0["togaiId"].nonBlank == invoice }
  }

  private func isBefore(_ json: JSON) -> Bool {
    json["createdAt"].string.flatMap(Timestamp.init(iso:)).map { $0 < payment.at } ?? false
  }
}

// MARK: - Words

extension InvoicePayment {
  private func amount(of invoice: TogaiInvoice) throws(Failure) -> Decimal? {
    guard let amount else { return nil }
    guard let currency = invoice.currency, currency != payment.money.currency else { return amount }
    throw .permanent(
      "\(what) is in \(payment.money.currency) and the \(noun) in \(currency): a person must look")
  }

  /// Togai counts in fractions of cents, and others do not: what is less than one is paid with the
  /// last payment, since nobody will ever pay it.
  private func settled(_ amount: Decimal, of open: Decimal) -> Decimal {
    let places = Money.places(of: payment.money.currency)
    return isLast && open - amount < Money(minor: 1, places: places, "").amount ? open : amount
  }

  private func body(_ invoice: TogaiInvoice, _ amount: Decimal) -> JSON {
    let amount = JSON.number(Numeral(amount))
    return .members([
      "accountId": .text(account ?? owner(of: invoice)),
      "currency": .string(invoice.currency ?? payment.money.currency), "totalAmount": amount,
      "description": .string(subject.truncated(to: 512)),
      "externalPaymentReference": .members([
        "sourceName": .string(app.titled), "sourceType": .string(source),
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
    return (isGroup ? payer : nil) ?? invoice.json["ownerId"].nonBlank
  }

  /// Togai's word for the way of payment.
  private var source: String {
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
