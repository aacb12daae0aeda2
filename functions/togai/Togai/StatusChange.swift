import FoundationEssentials
import StepKit
import Values

/// The change of a Togai invoice to the status that belongs to what became of it in another app, once.
///
/// No later event undoes it, so it waits for a person unless the flow connection says otherwise.
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
    case held(finding: String)
  }

  let invoice: TogaiInvoice
  let status: Status
  /// Why: a clause such as `40 USD of it were written off in Chargebee`.
  let reason: String
  /// The name of the effect.
  let name: String
  let holds: Bool
  let answers: [String: Answer]

  /// Changes the status, or says why it waits.
  func result() throws(Halt) -> Result {
    let id = invoice.id
    guard !isDone else { return .done(note: "invoice \(id) is \(invoice.status) already") }
    guard !holds || answers[name] != nil else {
      return .held(
        finding:
          "invoice \(id): \(reason), and Togai has it \(invoice.status): held, since no event undoes"
          + " \(status.rawValue); set it there, or set hold=none in the flow connection and retry the run"
      )
    }
    let path = "/invoices/\(id.percentEncoded)"
    let changed = try answers.answer(
      to: .patch(name, path, body: ["status": .string(status.rawValue)]))
    // If the outcome is unknown, the invoice is read again: the request is idempotent
    if changed.isUnknown { throw .unanswered("Togai", "invoice \(id)") }
    if TogaiAPI.isRefused(changed) {
      let failure = TogaiAPI.failure(changed, "the status of invoice \(id)")
      return .held(finding: "invoice \(id): \(reason): \(failure.reason)")
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
