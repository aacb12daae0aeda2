public import FoundationEssentials
public import Values

/// An invoice that a payment was for.
public struct PaidInvoice: Sendable, Hashable {
  /// The invoice's id by app; for a payment without an invoice the payment's own.
  public var ids: [String: String]
  /// The purchase order number: the id of the invoice in the app that asked for it, if one did.
  public var reference: String?
  /// Whether nothing is left to pay.
  public var isPaid: Bool
  /// How much of the payment went to this invoice, in major units.
  public var applied: Decimal?
  /// What was sold, line by line.
  public var items: [PaidItem]

  /// An invoice with its lines.
  public init(ids: [String: String], isPaid: Bool, items: [PaidItem]) {
    self.ids = ids
    self.isPaid = isPaid
    self.items = items
  }

  /// Reads the invoice; it must have an id.
  public init(json: JSON) throws(Failure) {
    guard let ids = json["ids"].object?.compactMapValues(\.nonBlank), !ids.isEmpty else {
      throw .permanent("a paid invoice has ids")
    }
    var items: [PaidItem] = []
    for item in json["items"].array ?? [] { items.append(try PaidItem(json: item)) }
    self.init(ids: ids, isPaid: json["paid"].bool ?? false, items: items)
    reference = json["reference"].nonBlank
    applied = json["applied"].decimal
  }

  /// The invoice as it goes over the pipe.
  public var json: JSON {
    .members([
      "ids": .texts(ids), "reference": .text(reference), "paid": .bool(isPaid),
      "applied": .decimal(applied), "items": .array(items.map(\.json)),
    ])
  }
}
