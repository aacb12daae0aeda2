public import FoundationEssentials
public import Values

/// One line of an invoice.
public struct InvoiceLine: Sendable, Hashable {
  /// The description.
  public var description: String
  /// The amount in major units; negative for a credit.
  public var amount: Decimal
  /// Whether the line is a tax that the source app computed.
  public var isTax: Bool
  /// Whether taxes that the source app computed may be part of the amount.
  public var mayHoldTax = false

  /// A line.
  public init(description: String, amount: Decimal, isTax: Bool = false) {
    self.description = description
    self.amount = amount
    self.isTax = isTax
  }

  /// Reads the line.
  ///
  /// - Throws: A permanent failure if the amount is missing.
  public init(json: JSON) throws(Failure) {
    guard let amount = json["amount"].decimal else { throw .permanent("a line has an amount") }
    self.init(
      description: json["description"].nonBlank ?? "", amount: amount,
      isTax: json["tax"].bool ?? false)
    mayHoldTax = json["mayHoldTax"].bool ?? false
  }

  /// The line as it goes over the pipe.
  public var json: JSON {
    .members([
      "description": .string(description), "amount": .decimal(amount),
      "tax": isTax ? true : nil, "mayHoldTax": mayHoldTax ? true : nil,
    ])
  }
}
