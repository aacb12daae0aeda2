import StepKit
import Values

/// Chargebee invoices that were made for parts of another app's invoice, before the app merged those.
///
/// They are voided before the merged invoice is billed, which only an unpaid one can be.
struct ReplacedInvoices {
  private let ids: [String]
  private let source: Source
  private let answers: [String: Answer]

  init(_ ids: [String], by source: Source, _ answers: [String: Answer]) {
    self.ids = ids
    self.source = source
    self.answers = answers
  }

  /// Voids the invoices, and returns the reason why one cannot be voided; nil if all are.
  func void() throws(Halt) -> String? {
    guard !ids.isEmpty else { return nil }
    try answers.require(
      ids.enumerated().map { index, id in
        .find(
          name: "replaced-\(index)", kind: .invoice, ids: [source.app: id], in: ChargebeeAPI.name)
      })
    let linked = ids.indices.compactMap { index in
      answers["replaced-\(index)"]?.value.verbatim.map { (index, $0) }
    }
    let invoices = try linked.batchMap { (index, id) throws(Halt) in
      (index, id, try read(index, id))
    }
    let live = invoices.filter { $0.2["status"].string != "voided" && !$0.2.isNull }
    for (index, id, invoice) in live where answers["voided-\(index)"] == nil {
      guard try isSettled(invoice, id) else { continue }
      return
        "it takes the place of \(ids[index]), for which Chargebee invoice \(id) is paid, at least in"
        + " part: refund or void that one, and run this again"
    }
    for (index, id, _) in live {
      if let reason = try void(index, id) { return reason }
    }
    return nil
  }

  /// The invoice; `null` if it is not there.
  private func read(_ index: Int, _ id: String) throws(Halt) -> JSON {
    let read = try answers.answer(
      to: .get("replaced-invoice-\(index)", "/invoices/\(id.percentEncodedPath)"))
    return read.status == 404 ? .null : try ChargebeeAPI.value(of: read, "invoice \(id)")["invoice"]
  }

  private func isSettled(_ invoice: JSON, _ id: String) throws(Halt) -> Bool {
    let members = ["amount_paid", "credits_applied", "amount_adjusted", "write_off_amount"]
    for name in members {
      guard try invoice[name].minorAmount(of: "invoice \(id)") ?? 0 <= 0 else { return true }
    }
    return invoice["status"].string == "paid"
  }

  private func void(_ index: Int, _ id: String) throws(Halt) -> String? {
    let body: JSON = [
      "comment": .string("Merged into \(source.title) \(source.id)".truncated(to: 300))
    ]
    let voided = try answers.answer(
      to: .post("voided-\(index)", "/invoices/\(id.percentEncodedPath)/void", body: body))
    if voided.isSuccess { return nil }
    let failure = ChargebeeAPI.failure(voided, "voiding invoice \(id)")
    if voided.isUnknown || voided.isTemporary { throw .fail(failure) }
    return "Chargebee invoice \(id) for a part of it could not be voided: \(failure.reason)"
  }
}
