import FoundationEssentials
import Values

/// A node of Togai's revenue tree, which shows the parts of an invoice.
///
/// Togai's API reference documents no children, its example has them; both are read. Unknown types
/// are accepted.
struct RevenueNode {
  let description: String?
  let type: String
  let children: [RevenueNode]
  private let value: Decimal?
  private let multiplication: String?

  init(_ json: JSON) {
    description = json["description"].nonBlank
    type = json["type"].nonBlank ?? ""
    children = json["lineItems"].items.filter { $0.object != nil }.map(RevenueNode.init)
    value = json["value"].amount
    if let quantity = json["quantity"].amount, let rate = json["valuePerQuantity"].amount {
      multiplication = "\(quantity) × \(rate)"
    } else {
      multiplication = nil
    }
  }

  /// The node's own value in major units, or else the sum of its children.
  var amount: Decimal { value ?? children.reduce(Decimal(0)) { $0 + $1.amount } }

  /// Whether it is a credit or a sum of credits.
  var isCredit: Bool { type == "TOTAL_CREDITS" || type == "SUB_CREDITS" }

  /// Whether it is a tax or a sum of taxes.
  var isTax: Bool { type == "TAX_AMOUNT" || type == "TOTAL_TAX_AMOUNT" }

  /// Whether a tax is among the node and the nodes below it.
  var holdsTax: Bool { isTax || children.contains(where: \.holdsTax) }

  /// Whether the children are the slabs of a rate card, which only explain the amount.
  var isRateCard: Bool { type.hasSuffix("_RATE_CARD_AMOUNT") }

  /// The description with the multiplication of the amount, or those of the slabs.
  var text: String {
    let slabs = multiplication.map { [$0] } ?? children.compactMap(\.multiplication)
    let name = description ?? type.nonBlank ?? "Amount"
    return (slabs.isEmpty ? name : "\(name) (\(slabs.joined(separator: ", ")))").truncated(to: 250)
  }
}
