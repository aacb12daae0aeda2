import FoundationEssentials
public import StepKit
public import Values

/// Writes on Chargebee's invoices what was paid for them in another app, each payment once.
///
/// The reference number of the transaction is the invoice's id and the payment's in the other app: by
/// it the payment is known again, and never carried back.
///
/// | what Chargebee says | what comes of it |
/// |---|---|
/// | 200 | written down |
/// | the payment is among the invoice's, or nothing is left to pay | nothing more |
/// | refused | failed |
/// | nothing, and the payment is among the invoice's then | written down |
/// | nothing, and it is not | later again |
public struct RecordedPayments: Sendable {
  /// How it ended.
  public enum Ending: Sendable {
    /// Written down, now or before; with the last links.
    case done([Effect], note: String)
    /// There is nothing to write down.
    case stop(String)
  }

  private let payment: Payment
  private let app: String
  private let id: String
  private let places: CurrencyPlaces
  private let answers: [String: Answer]

  /// The payments of a call, as far as its answers go.
  public init(_ call: Invocation<Payment>) throws(Failure) {
    let source = try Source(of: "payment", call.input.ids, besides: Chargebee.name)
    (app, id) = (source.app, source.id)
    payment = call.input
    places = try CurrencyPlaces(call.settings["currencyPlaces"])
    answers = call.answers
  }

  /// The ending, or what must be asked first.
  public func ending() throws(Failure) -> Part<Ending> {
    let invoices = payment.invoices.enumerated().compactMap { index, invoice in
      invoice.ids[app].map { (index: index, id: $0, paid: invoice) }
    }
    let finds = invoices.flatMap { index, id, _ in
      [("made-\(index)", Kind.payment, self.id), ("invoice-\(index)", .invoice, id)].map {
        ($0.0, Effect.find(name: $0.0, kind: $0.1, ids: [app: $0.2], in: Chargebee.name))
      }
    }
    guard !finds.isEmpty else { return .has(.stop("the payment is for no invoice")) }
    guard finds.allSatisfy({ answers[$0.0] != nil }) else { return .needs(finds.map(\.1)) }

    var links: [Effect] = []
    var notes: [String] = []
    for (index, id, paid) in invoices {
      guard let invoice = answers["invoice-\(index)"]?.value.nonBlank else { continue }
      if answers["made-\(index)"]?.isSuccess == true {
        notes.append("the payment of invoice \(invoice) is written down already")
        continue
      }
      let written = try written(index, id, invoice, paid)
      guard let written = written.value else { return .needs(written.effects) }
      if let made = written.made {
        links.append(.link(kind: .payment, ids: [app: self.id, Chargebee.name: made]))
      }
      notes.append(written.note)
    }
    guard !notes.isEmpty else { return .has(.stop("the payment is for no invoice of Chargebee's")) }
    return .has(.done(links, note: notes.joined(separator: "; ")))
  }

  private func key(_ invoice: String) -> String { "\(invoice)#\(id)" }
}

// MARK: - One invoice

extension RecordedPayments {
  private typealias Written = (made: String?, note: String)

  private func written(
    _ index: Int, _ source: String, _ invoice: String, _ paid: PaidInvoice
  ) throws(Failure) -> Part<Written> {
    guard let amount = paid.applied ?? (payment.invoices.count == 1 ? payment.money.amount : nil),
      let minor = amount.minor(places: try places.places(of: payment.money.currency)), minor > 0
    else { throw .permanent("how much of payment \(id) was for invoice \(source) is not said") }

    if let recorded = answers["recorded-\(index)"] {
      if recorded.isSuccess {
        let made = recorded.value[path: "transaction.id"].nonBlank
        return .has((made, "recorded \(amount) \(payment.money.currency) on invoice \(invoice)"))
      }
      guard recorded.isUnknown else { throw Chargebee.failure(recorded, what(invoice)) }
      let there = try there("payments-again-\(index)", source, invoice)
      guard let there = there.value else { return .needs(there.effects) }
      guard let there else {
        throw .temporary("\(what(invoice)) is in doubt and not there yet", after: 30)
      }
      return .has((there, "recorded on invoice \(invoice)"))
    }
    guard let read = answers["read-\(index)"] else {
      return .needs([.get("read-\(index)", path(invoice))])
    }
    let there = try there("payments-\(index)", source, invoice)
    guard let there = there.value else { return .needs(there.effects) }
    if let there { return .has((there, "invoice \(invoice) has the payment already")) }

    let json = try Chargebee.value(of: read, "invoice \(invoice)")["invoice"]
    let due = json["amount_due"].int ?? minor
    guard due > 0, json["status"].string != "voided" else {
      return .has((nil, "invoice \(invoice) has nothing left to pay"))
    }
    return .needs([
      .post(
        "recorded-\(index)", "\(path(invoice))/record_payment",
        body: body(min(minor, due), reference: key(source)))
    ])
  }

  private func what(_ invoice: String) -> String { "the payment of invoice \(invoice)" }

  private func path(_ invoice: String) -> String { "/invoices/\(invoice.percentEncoded)" }

  /// The id of the payment among those of the invoice, nil if it is not there.
  private func there(
    _ name: String, _ source: String, _ invoice: String
  ) throws(Failure) -> Part<String?> {
    guard let answer = answers[name] else {
      return .needs([.get(name, "\(path(invoice))/payments")])
    }
    let list = try Chargebee.value(of: answer, "the payments of invoice \(invoice)")["list"]
    let own = (list.array ?? []).map { $0["transaction"] }.first {
      $0["reference_number"].nonBlank == key(source).shortened(to: 100)
        && $0["status"].string != "failure"
    }
    return .has(own.map { $0["id"].nonBlank ?? key(source) })
  }

  private func body(_ amount: Int, reference: String) -> JSON {
    [
      "transaction": [
        "payment_method": .string(method), "amount": .number(Numeral(amount)),
        "reference_number": .string(reference.shortened(to: 100)),
      ],
      "comment": .string("Paid in \(app.titled)"),
    ]
  }

  /// Chargebee's word for the way of payment.
  private var method: String {
    switch payment.method ?? "" {
    case "CASH": "cash"
    case "CHEQUE": "check"
    case "BANK_TRANSFER": "bank_transfer"
    default: "other"
    }
  }
}
