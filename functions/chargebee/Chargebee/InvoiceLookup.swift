import StepKit
import Values

/// A lookup of the Chargebee invoice that was made for an invoice of another app.
///
/// Chargebee cannot filter by the reference and keeps idempotency keys for 30 minutes only, so the
/// invoices of the customer since about the invoice's date are read, the newest first. An invoice
/// belongs to its owner, which may be a parent of the customer. One that is voided does not count.
struct InvoiceLookup {
  /// The invoice, and the number of those that were voided.
  typealias Result = (invoice: JSON?, voided: Int)

  /// The most pages, of 100 invoices each, that are read.
  private static let mostPages = 20
  private static let day = 86_400

  /// The customer and, if it is another one, the owner of its invoices.
  let owners: [String]
  let place: InvoiceReference
  let reference: String
  let since: Timestamp?

  /// A lookup from two days before the invoice's date or now, whichever is earlier; without a date,
  /// from 40 days before now.
  init(
    owners: [String], place: InvoiceReference, reference: String, date: Timestamp?,
    now: Timestamp?
  ) {
    self.owners = owners
    self.place = place
    self.reference = reference
    if let earliest = [date, now].compactMap(\.self).min(), date != nil {
      since = earliest.adding(seconds: -2 * Self.day)
    } else {
      since = now?.adding(seconds: -40 * Self.day)
    }
  }

  /// The invoice, from answers whose names begin with this one.
  func result(_ name: String, _ answers: [String: Answer]) throws(Halt) -> Result {
    var offset: String?
    var voided: Set<[UInt8]> = []
    let who = "customer \(owners.joined(separator: " or "))"
    for page in 0..<Self.mostPages {
      let answer = try answers.answer(
        to: .get("\(name)-\(page)", "/invoices", query: query(offset)))
      let list = try ChargebeeAPI.value(of: answer, "the invoices of \(who)")
      let own = list["list"].items.map { $0["invoice"] }.filter { place.isOn($0, reference) }
      if let invoice = own.first(where: { $0["status"].string != "voided" }) {
        return (invoice, voided.count)
      }
      voided.formUnion(own.map { ($0["id"].verbatim ?? "").byteKey })
      guard let next = list["next_offset"].string else { return (nil, voided.count) }
      offset = next
    }
    throw .permanent(
      "\(who) has too many invoices to see whether one is for \(reference): look there,"
        + " and link it with `meterbridge link set`")
  }

  private func query(_ offset: String?) -> JSON {
    let isOne = owners.count == 1
    let list = JSON.array(owners.map(JSON.string))
    return .members([
      "customer_id": isOne ? ["is": .string(owners[0])] : ["in": list],
      "date": (since?.seconds).map { ["after": .number(Numeral($0))] },
      "sort_by": ["desc": "date"], "limit": 100, "offset": .text(offset),
    ])
  }
}
