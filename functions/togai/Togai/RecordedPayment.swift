import FoundationEssentials
import StepKit
import Values

/// The part of a payment in another app for one of Togai's own invoices.
struct RecordedPayment {
  /// What came of it.
  struct Result {
    /// The missing link.
    var link: Effect?
    /// The note, a sentence.
    let note: String
    /// Whether the note says what a person should know.
    var isWarning = false
    /// The clause for a person, if more was paid than Togai has open.
    var finding: String?
  }

  /// The invoice's id in Togai.
  let togai: String
  /// The invoice in the other app.
  let paid: PaidInvoice
  /// The payment of Togai that is to be made.
  let recording: InvoicePayment
  /// The amount in major units.
  let amount: Decimal
  let answers: [String: Answer]

  /// Records the payment.
  func record() throws(Halt) -> Result {
    switch try recording.result() {
    case .paid(_, let taken, let made):
      let result = Result(link: link(made), note: "paid \(text(taken)) of invoice \(togai)")
      return amount > taken ? with(amount - taken, result) : result
    case .paidBefore(_, let made):
      let state = made == nil ? "is paid" : "has the payment"
      return Result(link: link(made), note: "invoice \(togai) \(state) already")
    case .paidByOthers:
      return with(amount, Result(note: "invoice \(togai) is paid in Togai by other payments"))
    case .refused(_, let failure):
      return try marked(failure)
    }
  }

  // MARK: Private

  private func with(_ rest: Decimal, _ result: Result) -> Result {
    let places = Money.places(of: recording.payment.money.currency)
    guard rest >= Decimal(minor: 1, places: places) else { return result }
    var result = result
    result.finding =
      "\(text(rest)) of \(recording.number) were paid for invoice \(togai) that it did not have open"
    return result
  }

  /// Marks the invoice as paid, if it is paid in full in the other app and Togai refused the payment.
  private func marked(_ refusal: Failure) throws(Halt) -> Result {
    guard recording.isLast else { throw .fail(refusal) }
    let path = "/invoices/\(togai.percentEncoded)"
    let marked = try answers.answer(
      to: .patch("marked-\(recording.change)", path, body: ["status": "PAID"]))
    // If the outcome is unknown, it is asked for again: the request is idempotent
    if marked.isUnknown { throw .unanswered("Togai", "invoice \(togai)") }
    _ = try TogaiAPI.value(of: marked, "the status of invoice \(togai)")
    return Result(
      link: link(nil), note: "marked invoice \(togai) as paid; \(refusal.reason)", isWarning: true)
  }

  /// The link that says it is recorded, once for all events; without an id of Togai's payment, it names
  /// the invoice.
  private func link(_ made: String?) -> Effect {
    let app = recording.app
    let key = "\(recording.number)/\(paid.ids[app] ?? togai)"
    return .link(
      kind: .payment, ids: [app: key, TogaiAPI.name: made ?? "\(togai)#\(recording.number)"])
  }

  private func text(_ amount: Decimal) -> String {
    "\(amount) \(recording.payment.money.currency)"
  }
}
