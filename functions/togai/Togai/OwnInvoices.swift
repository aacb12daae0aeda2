import StepKit
import Values

/// Togai's own invoices among those of a payment: another app only collects them.
///
/// Without this, a Togai invoice that is paid in Chargebee would grant its customer a price plan. An
/// invoice is Togai's own if it is linked, or if its reference is the id of an invoice that Togai
/// knows: an interrupted run may have left it without a link.
struct OwnInvoices {
  let invoices: [PaidInvoice]
  let app: String
  let answers: [String: Answer]

  /// The id in Togai of each invoice that is Togai's own.
  func ids() throws(Halt) -> [String?] {
    try answers.require(invoices.enumerated().flatMap(finds))
    return try invoices.enumerated().batchMap { (index, invoice) throws(Halt) in
      try id(index, invoice.reference)
    }
  }

  private func finds(_ index: Int, _ invoice: PaidInvoice) -> [Effect] {
    let own = Effect.find(name: "own-\(index)", kind: .invoice, ids: invoice.ids, in: TogaiAPI.name)
    guard let reference = invoice.reference else { return [own] }
    let ids = [TogaiAPI.name: reference]
    return [own, .find(name: "reference-\(index)", kind: .invoice, ids: ids, in: app)]
  }

  private func id(_ index: Int, _ reference: String?) throws(Halt) -> String? {
    if let own = answers["own-\(index)"]?.value.verbatim { return own }
    if answers["reference-\(index)"]?.isSuccess == true { return reference }
    guard let reference, reference.hasPrefix("inv.") else { return nil }
    let path = "/invoices/\(reference.percentEncoded)"
    let answer = try answers.answer(to: .get("togai-invoice-\(index)", path))
    if TogaiAPI.isRefused(answer) { return nil }
    _ = try TogaiAPI.value(of: answer, "invoice \(reference.truncated(to: 60))")
    return reference
  }
}
