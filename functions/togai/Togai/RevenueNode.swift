import FoundationEssentials
import Values

/// A node of the tree in which Togai shows what an invoice is made of.
///
/// The API's description knows no children, its example does; both are read, and types that are not
/// known are as good as any.
struct RevenueNode {
  let description: String?
  let type: String
  let children: [RevenueNode]
  private let value: Decimal?
  private let multiplication: String?

  init(_ json: JSON) {
    description = json["description"].nonBlank
    type = json["type"].nonBlank ?? ""
    children = (json["lineItems"].array ?? []).filter { $0.object != nil }.map(RevenueNode.init)
    value = json["value"].decimal
    if let quantity = json["quantity"].decimal, let rate = json["valuePerQuantity"].decimal {
      multiplication = "\(quantity) × \(rate)"
    } else {
      multiplication = nil
    }
  }

  /// What the node is worth: its value, or else that of its children.
  var amount: Decimal { value ?? children.reduce(Decimal(0)) { $0 + $1.amount } }

  /// Whether it is a credit, or the sum of several.
  var isCredit: Bool { type == "TOTAL_CREDITS" || type == "SUB_CREDITS" }

  /// Whether it is a tax, or the sum of several.
  var isTax: Bool { type == "TAX_AMOUNT" || type == "TOTAL_TAX_AMOUNT" }

  /// Whether the children only explain how the amount came about: the slabs of a rate card.
  var isRateCard: Bool { type.hasSuffix("_RATE_CARD_AMOUNT") }

  /// The description with the multiplication behind the amount, or those of the slabs.
  var text: String {
    let slabs = multiplication.map { [$0] } ?? children.compactMap(\.multiplication)
    let name = description ?? type.nonBlank ?? "Amount"
    return (slabs.isEmpty ? name : "\(name) (\(slabs.joined(separator: ", ")))").truncated(to: 250)
  }
}
