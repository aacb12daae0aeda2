import FoundationEssentials
import StepKit
import Values

/// The part of a payment in another app for one of Togai's own invoices.
struct RecordedPayment {
  /// The index of the invoice in the payment, for effect names.
  let index: Int
  /// The invoice's id in Togai.
  let togai: String
  /// The invoice in the other app.
  let paid: PaidInvoice
  /// The other app, and the payment's id there.
  let source: Source
  let payment: Payment
  let answers: [String: Answer]

  /// Whether the payment was made in Togai and recorded in the other app, with a reference that begins
  /// with the invoice's id.
  var isFromTogai: Bool {
    payment.reference == togai || payment.reference?.hasPrefix("\(togai)#") == true
  }

  /// The lookups in the ID mapping: whether the payment is recorded, and the paying account.
  var finds: [Effect] {
    let payer = payment.customer.ids.excluding(Togai.name)
    let recorded = Effect.find(
      name: "payment-\(index)", kind: .payment, ids: [source.app: key], in: Togai.name)
    guard !payer.isEmpty else { return [recorded] }
    return [
      recorded, .find(name: "payer-\(index)", kind: .account, ids: payer, in: Togai.name),
    ]
  }

  /// Records the payment, and returns the missing link and text for the note.
  func record() throws(Halt) -> (link: Effect?, note: String) {
    if answers["payment-\(index)"]?.isSuccess == true {
      return (nil, "the payment of invoice \(togai) is written down already")
    }
    guard let amount = payment.amount(for: paid) else {
      throw .permanent("how much of payment \(source.id) was for invoice \(togai) is not said")
    }
    let recording = InvoicePayment(
      noun: "invoice", index: index, invoice: togai, app: source.app, number: source.id,
      subject: "\(source.app.titled) invoice \(paid.ids[source.app] ?? togai)", payment: payment,
      answers: answers, payer: answers["payer-\(index)"]?.value.nonBlank, amount: amount,
      isLast: paid.isPaid)
    switch try recording.result() {
    case .paid(_, let taken, let made):
      let rest = amount - taken
      let more = rest > 0 ? "; \(text(rest)) more were paid than are open in Togai" : ""
      return (link(made), "paid \(text(taken)) of invoice \(togai)" + more)
    case .paidBefore(_, let made):
      return (link(made), "invoice \(togai) \(made == nil ? "is paid" : "has the payment") already")
    case .refused(_, let failure):
      return try marked(failure)
    }
  }

  // MARK: Private

  /// Marks the invoice as paid, if it is paid in full in the other app and Togai refused the payment.
  private func marked(_ refusal: Failure) throws(Halt) -> (link: Effect?, note: String) {
    guard paid.isPaid else { throw .fail(refusal) }
    let path = "/invoices/\(togai.percentEncoded)"
    let marked = try answers.answer(
      to: .patch("marked-\(index)", path, body: ["status": "PAID"]))
    // If the outcome is unknown, it is asked for again: the request is idempotent
    if marked.isUnknown { throw .temporary("invoice \(togai) is in doubt", after: 30) }
    _ = try Togai.value(of: marked, "the status of invoice \(togai)")
    return (link(nil), "marked invoice \(togai) as paid; \(refusal.reason)")
  }

  /// The key of the payment of this invoice, which is recorded once for all events.
  private var key: String { "\(source.id)/\(paid.ids[source.app] ?? togai)" }

  /// The link that says it is recorded; without an id of Togai's payment, it names the invoice.
  private func link(_ made: String?) -> Effect {
    .link(
      kind: .payment, ids: [source.app: key, Togai.name: made ?? "\(togai)#\(source.id)"])
  }

  private func text(_ amount: Decimal) -> String { "\(amount) \(payment.money.currency)" }
}
