import StepKit
import Values

/// A look for the Chargebee invoice that carries another app's id as its PO number.
///
/// Chargebee cannot filter by PO number, nor does it keep idempotency keys for more than 30 minutes,
/// so the customer's invoices since about then are read, the newest first.
struct InvoiceLookup {
  /// Pages of a hundred invoices; who has more in the time is not looked through.
  private static let mostPages = 20
  private static let day = 86_400

  let customer: String
  let reference: String
  let since: Timestamp?

  /// A look from two days before the invoice's date, or before now where it is dated ahead; without a
  /// date from 40 days before now.
  init(customer: String, reference: String, date: Timestamp?, now: Timestamp?) {
    self.customer = customer
    self.reference = reference
    if let earliest = [date, now].compactMap(\.self).min(), date != nil {
      since = earliest.adding(seconds: -2 * Self.day)
    } else {
      since = now?.adding(seconds: -40 * Self.day)
    }
  }

  /// The invoice or nil, out of answers of this name.
  func invoice(_ name: String, _ answers: [String: Answer]) throws(Failure) -> Part<JSON?> {
    var offset: String?
    for page in 0..<Self.mostPages {
      guard let answer = answers["\(name)-\(page)"] else {
        return .needs([.get("\(name)-\(page)", "/invoices", query: query(offset))])
      }
      let list = try Chargebee.value(of: answer, "the invoices of customer \(customer)")
      let invoices = (list["list"].array ?? []).map { $0["invoice"] }
      if let invoice = invoices.first(where: { $0["po_number"].nonBlank == reference }) {
        return .has(invoice)
      }
      guard let next = list["next_offset"].string else { return .has(nil) }
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
