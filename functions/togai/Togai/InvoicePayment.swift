import FoundationEssentials
import Step

/// Writes the payment that was taken in another app on the order of a purchase, once.
///
/// Togai's payments have no idempotency key, so the list is read before one is made, and again where
/// an answer was lost.
struct OrderPayment {
  /// Pages of fifty, the newest first.
  private static let mostPages = 20

  let grant: PaidGrant
  let order: String
  let account: String
  let payment: Payment
  let answers: [String: Answer]

  private var what: String { "the payment of order \(order)" }
  private var number: String { payment.ids[grant.app] ?? grant.invoice }

  /// What the note says about the payment, or what must be asked first.
  func result() throws(Failure) -> Part<String> {
    let name = "order-\(grant.index)"
    guard let read = answers[name] else {
      // The link is there before Togai tells of the order, which is never billed in the other app
      return .needs([
        grant.link(.order, order), .get(name, "/invoices/\(order.percentEncoded)"),
      ])
    }
    let invoice = TogaiInvoice(try Togai.value(of: read, "order \(order)"), id: order)
    let open = invoice.total - invoice.paid
    guard invoice.status != "PAID", open > 0 else { return .has(remark(invoice)) }
    guard ["DRAFT", "DUE", "PARTIALLY_PAID"].contains(invoice.status) else {
      throw .permanent("order \(order) is \(invoice.status): a person must look")
    }

    guard let paid = answers["paid-\(grant.index)"] else {
      let known = try isRecorded("payments-\(grant.index)")
      guard let known = known.value else { return .needs(known.effects) }
      if known { return .has(remark(invoice)) }
      return .needs([.post("paid-\(grant.index)", "/payments", body: body(invoice, open))])
    }
    if paid.isUnknown {
      let there = try isThere()
      guard let there = there.value else { return .needs(there.effects) }
      guard there else { throw .temporary("\(what) is in doubt and not there yet", after: 30) }
      return .has(remark(invoice))
    }
    _ = try Togai.value(of: paid, what)  // its id is of no use
    return .has(remark(invoice))
  }
}

// MARK: - Is it there?

extension OrderPayment {
  private func isThere() throws(Failure) -> Part<Bool> {
    let name = "order-again-\(grant.index)"
    guard let read = answers[name] else {
      return .needs([.get(name, "/invoices/\(order.percentEncoded)")])
    }
    let invoice = TogaiInvoice(try Togai.value(of: read, "order \(order)"), id: order)
    if invoice.status == "PAID" { return .has(true) }
    return try isRecorded("payments-again-\(grant.index)")
  }

  /// Whether the list of payments has this one; read until it tells of times before it was taken.
  private func isRecorded(_ name: String) throws(Failure) -> Part<Bool> {
    var token: String?
    for page in 0..<Self.mostPages {
      guard let answer = answers["\(name)-\(page)"] else {
        let query = JSON.members(["pageSize": 50, "nextToken": .text(token)])
        return .needs([.get("\(name)-\(page)", "/payments", query: query)])
      }
      let list = try Togai.value(of: answer, "the payments")
      let payments = list["data"].array ?? []
      if payments.contains(where: isThis) { return .has(true) }
      token = list["nextToken"].words
      guard token != nil, let last = payments.last, !isBefore(last) else { break }
    }
    return .has(false)
  }

  private func isThis(_ json: JSON) -> Bool {
    json[path: "externalPaymentReferences.transactionNumber"].words == number
      && (json["lineItemRecords"].array ?? []).contains { $0["togaiId"].words == order }
  }

  private func isBefore(_ json: JSON) -> Bool {
    json["createdAt"].string.flatMap(Timestamp.init(iso:)).map { $0 < payment.at } ?? false
  }
}

// MARK: - Words

extension OrderPayment {
  private func body(_ invoice: TogaiInvoice, _ open: Decimal) -> JSON {
    let amount = JSON.number(Numeral(open))
    return [
      "accountId": .string(account),
      "currency": .string(invoice.currency ?? payment.money.currency), "totalAmount": amount,
      "description": .string("\(grant.app.titled) invoice \(grant.invoice)".cut(to: 512)),
      "externalPaymentReference": .members([
        "sourceName": .string(grant.app.titled), "sourceType": .string(source),
        "transactionNumber": .string(number),
        "description": .text(payment.gatewayReference?.cut(to: 512)),
      ]),
      "lineItemRecords": [
        ["type": "INVOICE", "togaiId": .string(order), "amount": amount, "order": 1]
      ],
    ]
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

  /// What a person should know where the two apps have different prices.
  private func remark(_ invoice: TogaiInvoice) -> String {
    let currency = invoice.currency ?? payment.money.currency
    guard let amount = grant.item.amount, invoice.total > 0,
      amount != invoice.total || currency != payment.money.currency
    else { return "" }
    return "; the order is of \(invoice.total) \(currency),"
      + " paid were \(amount) \(payment.money.currency)"
  }
}
