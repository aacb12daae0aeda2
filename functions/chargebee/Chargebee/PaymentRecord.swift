import StepKit
import Values

/// A payment made in another app, as a transaction on a Chargebee invoice.
///
/// The reference number identifies the payment: Chargebee keeps idempotency keys for 30 minutes only.
struct PaymentRecord {
  /// The invoice's id in Chargebee.
  let invoice: String
  /// The reference number, at most 100 characters.
  let reference: String
  /// The app in which the payment was made.
  let app: String
  let answers: [String: Answer]

  var thing: String { "the payment of invoice \(invoice)" }

  var inDoubt: Halt { .unanswered("Chargebee", "\(thing)", isMissing: true) }

  private var path: String { "/invoices/\(invoice.percentEncodedPath)" }

  /// The request for the invoice.
  func readInvoice(_ effect: String) -> Effect { .get(effect, path) }

  /// The most pages, of 100 payments each, that are read.
  private static let mostPages = 20

  /// The transaction with the reference number that did not fail; nil if there is none.
  func transaction(_ effect: String) throws(Halt) -> JSON? {
    try transactions(effect) { $0.hasBytes(of: reference) }.first
  }

  /// What transactions of the other app's invoice, whose references are its id or begin with it, have paid of
  /// the invoice, in minor units.
  func paid(_ effect: String, for id: String) throws(Halt) -> Int {
    var paid = 0
    for json in try transactions(
      effect, { $0.hasBytes(of: id) || $0.beginsWithBytes(of: "\(id)#") })
    {
      let links = json["linked_invoices"].items.filter { $0["invoice_id"] == .string(invoice) }
      for amount in links.isEmpty ? [json["amount"]] : links.map({ $0["applied_amount"] }) {
        let (sum, isTooLarge) = paid.addingReportingOverflow(try amount.minorAmount(of: thing) ?? 0)
        guard !isTooLarge else {
          throw .permanent("\(thing) cannot be counted: look there, and retry the run")
        }
        paid = sum
      }
    }
    return paid
  }

  private func transactions(
    _ effect: String, _ isWanted: (String) -> Bool
  ) throws(Halt) -> [JSON] {
    var found: [JSON] = []
    var offset: String?
    for page in 0..<Self.mostPages {
      let query = JSON.members(["limit": 100, "offset": .text(offset)])
      let name = page == 0 ? effect : "\(effect)-page-\(page + 1)"
      let answer = try answers.answer(to: .get(name, "\(path)/payments", query: query))
      let list = try ChargebeeAPI.value(of: answer, "the payments of invoice \(invoice)")
      found += list["list"].items.map { $0["transaction"] }.filter {
        $0["reference_number"].verbatim.map(isWanted) == true
          && !Self.failed.contains($0["status"].string ?? "")
      }
      guard let next = list["next_offset"].string else { return found }
      offset = next
    }
    throw .permanent(
      "invoice \(invoice) has too many payments to see whether this one is among them:"
        + " record it by hand, then `meterbridge attention acknowledge`")
  }

  private static let failed = ["failure", "late_failure", "timeout", "voided"]

  /// Records the payment, of an amount in minor units.
  func write(_ effect: String, amount: Int, method: String = "other") throws(Halt) -> Answer {
    let body: JSON = [
      "transaction": [
        "payment_method": .string(method), "amount": .number(Numeral(amount)),
        "reference_number": .string(reference),
      ],
      "comment": .string("Paid in \(app.titled)"),
    ]
    return try answers.answer(to: .post(effect, "\(path)/record_payment", body: body))
  }
}
