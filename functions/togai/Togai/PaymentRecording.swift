public import StepKit
import Values

/// Records a payment of another app on Togai's own invoices that it paid, once each.
///
/// | answer of Togai | result |
/// |---|---|
/// | 201 | recorded |
/// | the payment is in the list | unchanged |
/// | the rest is written off in the other app | `UN_COLLECTIBLE`, unless that is held |
/// | the invoice is paid by other payments, or has less open | not synced: a person must decide |
/// | refused, and the invoice is paid in full in the other app | the invoice is marked as paid |
/// | refused, and it is not | failed |
/// | unknown, and the payment is in the list then | recorded |
/// | unknown, and it is not | retried later |
public struct PaymentRecording: Sendable {
  private let payment: Payment
  private let source: Source
  private let answers: [String: Answer]

  /// The recording of the payment of a call.
  public init(_ call: Invocation<Payment>) throws(Halt) {
    source = try Source(of: "payment", call.input.ids, besides: TogaiAPI.name)
    payment = call.input
    answers = call.answers
  }

  /// The payment with the links to its records, or a stop if there is nothing to record.
  public func reply() throws(Halt) -> Reply<Payment> {
    let own = try OwnInvoices(invoices: payment.invoices, app: source.app, answers: answers).ids()
    let all = own.indices.compactMap { index in own[index].map { (index: index, togai: $0) } }
    guard !all.isEmpty else { return .stop("the payment is for no invoice of Togai's") }
    let records = all.filter { index, togai in
      payment.invoices[index].settlements != nil || !Self.isFromTogai(payment.reference, togai)
    }
    guard !records.isEmpty else {
      return .stop(
        "the payment was made in Togai, and \(source.app.titled) only has it written down")
    }
    try answers.require(records.flatMap { finds($0.index, $0.togai) })
    // One after the other, so that each request is confirmed before the next
    var results: [RecordedPayment.Result] = []
    for (index, togai) in records { results += try record(index, togai) }
    let links = results.compactMap(\.link)
    let notes = results.map(\.note).joined(separator: "; ")
    let findings = results.compactMap(\.finding)
    guard !findings.isEmpty else {
      return .done(
        payment, links, note: notes, isWarning: results.contains(where: \.isWarning))
    }
    try answers.keep(links, as: "kept")
    return .notSynced(
      "\(findings.joined(separator: "; ")): correct the payments by hand, then `meterbridge attention acknowledge`"
        + " (\(notes))")
  }

  /// Whether a payment was made in Togai and recorded in the other app, with a reference that begins with
  /// the invoice's id.
  static func isFromTogai(_ reference: String?, _ togai: String) -> Bool {
    reference.hasBytes(of: togai) || reference?.beginsWithBytes(of: "\(togai)#") == true
  }

  // MARK: Private

  /// The lookups in the ID mapping: whether the payment is recorded, and the paying account.
  private func finds(_ index: Int, _ togai: String) -> [Effect] {
    let payer = payment.customer.ids.excluding(TogaiAPI.name)
    let paid = payment.invoices[index]
    let key = "\(source.id)/\(paid.ids[source.app] ?? togai)"
    let recorded = Effect.find(
      name: "payment-\(index)", kind: .payment, ids: [source.app: key], in: TogaiAPI.name)
    let account = Effect.find(name: "payer-\(index)", kind: .account, ids: payer, in: TogaiAPI.name)
    return (paid.settlements == nil ? [recorded] : []) + (payer.isEmpty ? [] : [account])
  }

  private func record(
    _ index: Int, _ togai: String
  ) throws(Halt) -> [RecordedPayment.Result] {
    let paid = payment.invoices[index]
    let payer = answers["payer-\(index)"]?.value.verbatim
    guard paid.settlements == nil else {
      return try SettledInvoice(
        index: index, togai: togai, paid: paid, app: source.app, payment: payment, payer: payer,
        answers: answers
      ).record()
    }
    if answers["payment-\(index)"]?.isSuccess == true {
      return [.init(note: "the payment of invoice \(togai) is written down already")]
    }
    guard let amount = payment.amount(for: paid) else {
      throw .permanent(
        "how much of payment \(source.id) was for invoice \(togai) is not said: record it in Togai by"
          + " hand, then `meterbridge attention acknowledge`")
    }
    let recording = InvoicePayment(
      noun: "invoice", name: "\(index)", change: togai, invoice: togai, app: source.app,
      number: source.id,
      subject: "\(source.app.titled) invoice \(paid.ids[source.app] ?? togai)", payment: payment,
      answers: answers, payer: payer, amount: amount, isLast: paid.isPaid)
    return [
      try RecordedPayment(
        togai: togai, paid: paid, recording: recording, amount: amount, answers: answers
      ).record()
    ]
  }
}
