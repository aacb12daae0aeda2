public import FoundationEssentials
public import Values

/// A payment, credit, or other means by which a part of an invoice was settled.
public struct Settlement: Sendable, Hashable {
  /// The id of the transaction, credit note or other document that brought it.
  public var id: String
  /// The amount that was applied to the invoice, in major units.
  public var amount: Decimal
  /// The payment method in the app's own terms; `credits` for a credit note.
  public var method: String?
  /// The payment gateway's reference.
  public var gatewayReference: String?
  /// The reference number given by the person or program that recorded it.
  public var reference: String?

  /// Whether the amount is all that was paid in its app, of which only what is missing is recorded.
  public var isTotal = false

  /// A settlement.
  public init(id: String, amount: Decimal, method: String? = nil) {
    self.id = id
    self.amount = amount
    self.method = method
  }

  /// Reads the settlement.
  ///
  /// - Throws: A permanent failure if the id or the amount is missing.
  public init(json: JSON) throws(Failure) {
    guard let id = json["id"].nonBlank, let amount = json["amount"].decimal else {
      throw .permanent("a settlement has an id and an amount")
    }
    self.init(id: id, amount: amount, method: json["method"].nonBlank)
    gatewayReference = json["gatewayReference"].nonBlank
    reference = json["reference"].nonBlank
    isTotal = json["isTotal"].bool ?? false
  }

  /// The settlement as it goes over the pipe.
  public var json: JSON {
    .members([
      "id": .string(id), "amount": .decimal(amount), "method": .text(method),
      "gatewayReference": .text(gatewayReference), "reference": .text(reference),
      "isTotal": isTotal ? true : nil,
    ])
  }
}
