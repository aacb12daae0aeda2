import StepKit

/// A charge of a new invoice, in minor units.
struct BilledCharge {
  let line: InvoiceLine
  /// The amount, after the credits.
  var amount: Int
  /// The part of the invoice's credits that was taken off.
  var credit = 0

  init(_ line: InvoiceLine, _ amount: Int) {
    self.line = line
    self.amount = amount
  }

  /// The charges of an invoice with taxes and credits, with the credits taken off the largest charges, and
  /// those of taxes off the taxes; nil for any other invoice, and if the credits are more than that.
  ///
  /// A discount on the invoice spreads over all lines, those of taxes too, which Chargebee takes as
  /// ordinary charges.
  static func netting(_ billed: BilledLines) -> [BilledCharge]? {
    guard billed.credit > 0, billed.lines.contains(where: { $0.line.isTax }) else { return nil }
    var charges = billed.lines.filter { $0.amount > 0 }.map(BilledCharge.init)
    for isTax in [false, true] {
      var left = billed.lines.filter { $0.line.isTax == isTax }.reduce(0) { $0 - min($1.amount, 0) }
      let order = charges.indices.filter { charges[$0].line.isTax == isTax }
        .sorted { charges[$0].amount > charges[$1].amount }
      for index in order where left > 0 {
        let part = min(left, charges[index].amount)
        charges[index].amount -= part
        charges[index].credit += part
        left -= part
      }
      guard left == 0 else { return nil }
    }
    return charges.filter { $0.amount > 0 }
  }
}
