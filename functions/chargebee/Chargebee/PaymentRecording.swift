import FoundationEssentials
public import StepKit
import Values

/// Records a payment of another app on the Chargebee invoices that it paid, once each.
///
/// The reference number of the transaction is the other app's ids of invoice and payment. It
/// identifies the payment, and keeps it from being carried back.
///
/// | answer of Chargebee | result |
/// |---|---|
/// | 200 | recorded |
/// | the invoice has the payment, or nothing is due | unchanged |
/// | refused | failed |
/// | unknown, and the invoice has the payment then | recorded |
/// | unknown, and it does not | retried later |
public struct PaymentRecording: Sendable {
  private typealias Result = (transaction: String?, note: String)

  private let payment: Payment
  private let source: Source
  private let places: CurrencyPlaces
  private let answers: [String: Answer]

  /// The recording of the payment of a call.
  public init(_ call: Invocation<Payment>) throws(Halt) {
    source = try Source(of: "payment", call.input.ids, besides: ChargebeeAPI.name)
    payment = call.input
    places = try CurrencyPlaces(call.settings["currencyPlaces"])
    answers = call.answers
  }

  /// The payment with the links to its transactions, or a stop if it is for no Chargebee invoice.
  public func reply() throws(Halt) -> Reply<Payment> {
    let invoices = payment.invoices.enumerated().compactMap { index, invoice in
      invoice.ids[source.app].map { (index: index, id: $0, paid: invoice) }
    }
    guard !invoices.isEmpty else { return .stop("the payment is for no invoice") }
    try answers.require(
      invoices.flatMap { index, id, _ in
        [find("made-\(index)", .payment, source.id), find("invoice-\(index)", .invoice, id)]
      })

    var links: [Effect] = []
    var notes: [String] = []
    for (index, id, paid) in invoices {
      guard let invoice = answers["invoice-\(index)"]?.value.verbatim else { continue }
      if answers["made-\(index)"]?.isSuccess == true {
        notes.append("the payment of invoice \(invoice) is written down already")
        continue
      }
      let (transaction, note) = try record(index, id, on: invoice, paid)
      if let transaction {
        links.append(
          .link(kind: .payment, ids: [source.app: source.id, ChargebeeAPI.name: transaction]))
      }
      notes.append(note)
    }
    guard !notes.isEmpty else { return .stop("the payment is for no invoice of Chargebee's") }
    return .done(payment, links, note: notes.joined(separator: "; "))
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
      throw .permanent("how much of payment \(source.id) was for invoice \(id) is not said")
    }
    let key = "\(id)#\(source.id)"
    let record = PaymentRecord(
      invoice: invoice, reference: key.shortened(to: 100), app: source.app, answers: answers)

    if let recorded = answers["recorded-\(index)"] {
      return try result(of: recorded, "payments-again-\(index)", key, amount, digits, record)
    }
    let read = try answers.answer(to: record.readInvoice("read-\(index)"))
    if let transaction = try record.transaction("payments-\(index)") {
      return (transaction["id"].verbatim ?? key, "invoice \(invoice) has the payment already")
    }
    let json = try ChargebeeAPI.value(of: read, "invoice \(invoice)")["invoice"]
    let currency = json["currency_code"].nonBlank?.uppercased() ?? payment.money.currency
    guard currency == payment.money.currency else {
      throw .permanent(
        "payment \(source.id) is in \(payment.money.currency), and invoice \(invoice) in \(currency)"
      )
    }
    let due = json["amount_due"].int ?? minor
    guard due > 0, json["status"].string != "voided" else {
      return (nil, "invoice \(invoice) has nothing left to pay")
    }
    let recorded = try record.write("recorded-\(index)", amount: min(minor, due), method: method)
    return try result(of: recorded, "payments-again-\(index)", key, amount, digits, record)
  }

  /// The result of the request that recorded the payment.
  private func result(
    of recorded: Answer, _ again: String, _ key: String, _ amount: Decimal, _ digits: Int,
    _ record: PaymentRecord
  ) throws(Halt) -> Result {
    if recorded.isSuccess {
      let id = recorded.value[path: "transaction.id"].verbatim
      let minor = recorded.value[path: "transaction.amount"].int
      let done = minor.map { Decimal(minor: $0, places: digits) } ?? amount
      let isRounded = minor == amount.minor(places: digits)
      let reason = isRounded ? ", rounded" : ", of which no more was due"
      let text = "\(payment.money.currency) on invoice \(record.invoice)"
      return done == amount
        ? (id, "recorded \(amount) \(text)")
        : (id, "recorded \(done) of \(amount) \(text)\(reason)")
    }
    guard recorded.isUnknown else { throw .fail(ChargebeeAPI.failure(recorded, record.thing)) }
    guard let transaction = try record.transaction(again) else { throw record.inDoubt }
    return (transaction["id"].verbatim ?? key, "recorded on invoice \(record.invoice)")
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
