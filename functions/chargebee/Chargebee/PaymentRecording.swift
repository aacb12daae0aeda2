import FoundationEssentials
import StepKit
import Values

/// Records a payment of another app on the Chargebee invoices that it paid, once each.
///
/// The reference number of the transaction is the other app's ids of invoice and payment. It
/// identifies the payment, and keeps it from being carried back.
///
/// | answer of Chargebee | result |
/// |---|---|
/// | 200 | recorded |
/// | the invoice has the payment | unchanged |
/// | nothing, or less than the payment, is due | not synced: a person must decide on the rest |
/// | the other app has it paid otherwise, and less of that is recorded | the missing difference is recorded |
/// | the other app has it paid otherwise, and it was voided or written off | not synced: a person must decide |
/// | refused | failed |
/// | unknown, and the invoice has the payment then | recorded |
/// | unknown, and it does not | retried later |
struct PaymentRecording {
  /// What came of the payment of one invoice.
  struct Result {
    /// The missing link to the transaction.
    var link: Effect?
    /// The note, a sentence.
    let note: String
    /// The clause for a person, if the invoice did not take all of the payment.
    var finding: String?
  }

  let payment: Payment
  let source: Source
  let places: CurrencyPlaces
  let answers: [String: Answer]

  /// What came of each of its invoices that Chargebee has; empty if it has none.
  func results() throws(Halt) -> [Result] {
    let invoices = payment.invoices.enumerated().compactMap { index, invoice in
      invoice.ids[source.app].map { (index: index, id: $0, paid: invoice) }
    }
    try answers.require(
      invoices.flatMap { index, id, _ in
        [find("made-\(index)", .payment, source.id), find("invoice-\(index)", .invoice, id)]
      })
    var results: [Result] = []
    for (index, id, paid) in invoices {
      guard let invoice = answers["invoice-\(index)"]?.value.verbatim else { continue }
      guard answers["made-\(index)"]?.isSuccess != true else {
        results.append(
          Result(note: "the payment of invoice \(invoice) is written down already"))
        continue
      }
      results.append(try record(index, id, on: invoice, paid))
    }
    return results
  }

  // MARK: Private

  private func find(_ name: String, _ kind: Kind, _ id: String) -> Effect {
    .find(name: name, kind: kind, ids: [source.app: id], in: ChargebeeAPI.name)
  }

  private func record(
    _ index: Int, _ id: String, on invoice: String, _ paid: PaidInvoice
  ) throws(Halt) -> Result {
    let digits = try places.places(of: payment.money.currency)
    guard let amount = payment.amount(for: paid), let minor = amount.minor(places: digits),
      minor > 0
    else {
      throw .permanent(
        "how much of payment \(source.id) was for invoice \(id) is not said: record it in Chargebee"
          + " by hand, then `meterbridge attention acknowledge`")
    }
    let isTotal = paid.settlements?.first?.isTotal ?? false
    let key = "\(id)#\(source.id)"
    let record = PaymentRecord(
      invoice: invoice, reference: key.shortened(to: 100), app: source.app, answers: answers)
    /// The result for a transaction, which may have taken less than the payment.
    func result(_ transaction: JSON, or key: String?, _ note: String?) throws(Halt) -> Result {
      let taken = try transaction["amount"].minorAmount(of: record.thing) ?? minor
      let done = taken == minor ? amount : Decimal(minor: taken, places: digits)
      let exact = Decimal(minor: taken, places: digits)
      let currency = payment.money.currency
      let isShort = taken < minor && !isTotal
      let remark = isShort ? ", of which no more was due" : exact == amount ? "" : ", rounded"
      let recorded =
        isTotal
        ? "recorded \(exact) \(currency) on invoice \(invoice), paid otherwise in \(source.app.titled)"
        : remark.isEmpty
          ? "recorded \(amount) \(currency) on invoice \(invoice)"
          : "recorded \(exact) of \(amount) \(currency) on invoice \(invoice)\(remark)"
      return Result(
        link: (transaction["id"].verbatim ?? key).map { id in
          .link(kind: .payment, ids: [source.app: source.id, ChargebeeAPI.name: id])
        }, note: note ?? recorded, finding: isShort ? finding(amount - done, invoice) : nil)
    }
    func made(_ recorded: Answer) throws(Halt) -> Result {
      if recorded.isSuccess { return try result(recorded.value["transaction"], or: nil, nil) }
      guard recorded.isUnknown else { throw ChargebeeAPI.halt(recorded, record.thing) }
      guard let transaction = try record.transaction("payments-again-\(index)") else {
        throw record.inDoubt
      }
      return try result(transaction, or: key, "recorded on invoice \(invoice)")
    }

    if let recorded = answers["recorded-\(index)"] { return try made(recorded) }
    let read = try answers.answer(to: record.readInvoice("read-\(index)"))
    if let transaction = try record.transaction("payments-\(index)") {
      return try result(transaction, or: key, "invoice \(invoice) has the payment already")
    }
    let json = try ChargebeeAPI.value(of: read, "invoice \(invoice)")["invoice"]
    let currency = json["currency_code"].nonBlank?.uppercased() ?? payment.money.currency
    guard currency == payment.money.currency else {
      throw .permanent(
        "payment \(source.id) is in \(payment.money.currency), and invoice \(invoice) in \(currency):"
          + " record it by hand, then `meterbridge attention acknowledge`"
      )
    }
    let due = try json["amount_due"].minorAmount(of: "invoice \(invoice)") ?? minor
    if isTotal {
      // What transactions of the other app lack of all that was paid there, as far as it is due
      let unrecorded = minor - (try record.paid("payments-\(index)", for: id))
      let missing = min(unrecorded, due)
      guard missing > 0, json["status"].string != "voided" else {
        let given = try givenUp(json, invoice)
        let lost = Decimal(minor: max(min(unrecorded, given), 0), places: digits)
        return Result(
          note: "invoice \(invoice) has all that was paid in \(source.app.titled)",
          finding: lost > 0 ? finding(lost, invoice) : nil)
      }
      return try made(try record.write("recorded-\(index)", amount: missing))
    }
    guard due > 0, json["status"].string != "voided" else {
      return Result(
        note: "invoice \(invoice) has nothing left to pay", finding: finding(amount, invoice))
    }
    return try made(
      try record.write("recorded-\(index)", amount: min(minor, due), method: method))
  }

  /// What of an invoice was voided or written off, in minor units.
  private func givenUp(_ invoice: JSON, _ id: String) throws(Halt) -> Int {
    let member = invoice["status"].string == "voided" ? "total" : "write_off_amount"
    return try invoice[member].minorAmount(of: "invoice \(id)") ?? 0
  }

  private func finding(_ rest: Decimal, _ invoice: String) -> String {
    "\(rest) \(payment.money.currency) of payment \(source.id) were paid for Chargebee invoice"
      + " \(invoice), which did not have them open"
  }

  /// Chargebee's name of the payment method.
  private var method: String {
    switch payment.method ?? "" {
    case "CASH": "cash"
    case "CHEQUE": "check"
    case "BANK_TRANSFER": "bank_transfer"
    default: "other"
    }
  }
}
