public import FoundationEssentials
public import Values

/// An invoice that a payment was for.
public struct PaidInvoice: Sendable, Hashable {
  /// The ids by app; the payment's own for a payment without an invoice.
  public var ids: [String: String]
  /// The PO number: the id of the invoice in the app that asked for it, if one did.
  public var reference: String?
  /// Whether the invoice is paid in full.
  public var isPaid: Bool
  /// The part of the payment for this invoice, in major units.
  public var applied: Decimal?
  /// Everything that settled the invoice, each once; nil if only this payment is known.
  public var settlements: [Settlement]?
  /// What of it was written off, in major units; it brought no money.
  public var writtenOff: Decimal?
  /// What a person must see of the invoice if it is another app's, such as a write-off; a clause.
  public var finding: String?
  /// The items sold.
  public var items: [PaidItem]

  /// An invoice with its items.
  public init(ids: [String: String], isPaid: Bool, items: [PaidItem]) {
    self.ids = ids
    self.isPaid = isPaid
    self.items = items
  }

  /// Reads the invoice.
  ///
  /// - Throws: A permanent failure if it has no id.
  public init(json: JSON) throws(Failure) {
    let ids = json["ids"].textMembers
    guard !ids.isEmpty else { throw .permanent("a paid invoice has ids") }
    self.init(
      ids: ids, isPaid: json["paid"].bool ?? false,
      items: try json["items"].items.map(PaidItem.init(json:)))
    reference = json["reference"].nonBlank
    applied = json["applied"].decimal
    settlements = try json["settlements"].array?.map(Settlement.init(json:))
    writtenOff = json["writtenOff"].decimal
    finding = json["finding"].nonBlank
  }

  /// The invoice as it goes over the pipe.
  public var json: JSON {
    .members([
      "ids": .texts(ids), "reference": .text(reference), "paid": .bool(isPaid),
      "applied": .decimal(applied), "settlements": (settlements?.map(\.json)).map(JSON.array),
      "writtenOff": .decimal(writtenOff), "finding": .text(finding),
      "items": .array(items.map(\.json)),
    ])
  }
}
