import FoundationEssentials
import StepKit
import Values

/// The change of a Togai invoice to the status that belongs to what became of it in another app, once.
///
/// No later event undoes it, so the dispatcher holds it for a person, unless a policy says otherwise.
struct StatusChange {
  /// A status that ends an invoice otherwise than by payment.
  enum Status: String {
    case void = "VOID"
    case uncollectible = "UN_COLLECTIBLE"
    case refunded = "REFUND_INITIATED"
  }

  /// What came of it: a note, or the clause for a person.
  enum Result {
    case done(note: String)
    case refused(finding: String)
  }

  let invoice: TogaiInvoice
  let status: Status
  /// Why: a clause such as `40 USD of it were written off in Chargebee`.
  let reason: String
  /// The name of the effect.
  let name: String
  let answers: [String: Answer]

  /// Changes the status, or says why Togai refuses it.
  func result() throws(Halt) -> Result {
    let id = invoice.id
    guard !isDone else { return .done(note: "invoice \(id) is \(invoice.status) already") }
    let path = "/invoices/\(id.percentEncoded)"
    let changed = try answers.answer(
      to: .patch(name, path, body: ["status": .string(status.rawValue)]))
    // If the outcome is unknown, the invoice is read again: the request is idempotent
    if changed.isUnknown { throw .unanswered("Togai", "invoice \(id)") }
    if TogaiAPI.isRefused(changed) {
      let failure = TogaiAPI.failure(changed, "the status of invoice \(id)")
      return .refused(finding: "invoice \(id): \(reason): \(failure.reason)")
    }
    _ = try TogaiAPI.value(of: changed, "the status of invoice \(id)")
    return .done(note: "invoice \(id) is \(status.rawValue) now: \(reason)")
  }

  private var isDone: Bool {
    switch status {
    case .void: ["VOID", "MERGED"].contains(invoice.status)
    case .uncollectible: invoice.status == "UN_COLLECTIBLE"
    case .refunded: ["REFUND_INITIATED", "REFUND_COMPLETED"].contains(invoice.status)
    }
  }
}
