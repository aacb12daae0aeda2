import StepKit
import Values

/// A lookup of the Chargebee invoice that has another app's id as its PO number.
///
/// Chargebee cannot filter by PO number and keeps idempotency keys for 30 minutes only, so the
/// customer's invoices since about the invoice's date are read, the newest first.
struct InvoiceLookup {
  /// The most pages, of 100 invoices each, that are read.
  private static let mostPages = 20
  private static let day = 86_400

  let customer: String
  let reference: String
  let since: Timestamp?

  /// A lookup from two days before the invoice's date or now, whichever is earlier; without a date,
  /// from 40 days before now.
  init(customer: String, reference: String, date: Timestamp?, now: Timestamp?) {
    self.customer = customer
    self.reference = reference
    if let earliest = [date, now].compactMap(\.self).min(), date != nil {
      since = earliest.adding(seconds: -2 * Self.day)
    } else {
      since = now?.adding(seconds: -40 * Self.day)
    }
  }

  /// The invoice, from answers whose names begin with this one; nil if there is none.
  func invoice(_ name: String, _ answers: [String: Answer]) throws(Halt) -> JSON? {
    var offset: String?
    for page in 0..<Self.mostPages {
      let answer = try answers.answer(
        to: .get("\(name)-\(page)", "/invoices", query: query(offset)))
      let list = try Chargebee.value(of: answer, "the invoices of customer \(customer)")
      let invoices = list["list"].items.map { $0["invoice"] }
      if let invoice = invoices.first(where: { $0["po_number"].nonBlank == reference }) {
        return invoice
      }
      guard let next = list["next_offset"].string else { return nil }
      offset = next
    }
    throw .permanent(
      "customer \(customer) has too many invoices to see whether one is for \(reference): look there,"
        + " and link it with `meterbridge link set`")
  }

  private func query(_ offset: String?) -> JSON {
    .members([
      "customer_id": ["is": .string(customer)],
      "date": (since?.seconds).map { ["after": .number(Numeral($0))] },
      "sort_by": ["desc": "date"], "limit": 100, "offset": .text(offset),
    ])
  }
}
