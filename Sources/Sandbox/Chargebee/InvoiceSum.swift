import FoundationEssentials
import Values

/// The calculation of an invoice from lines, discounts and tax, in minor units.
struct InvoiceSum {
  /// A line of the invoice.
  struct Line {
    var type = "adhoc"
    var entity: String?
    var subscription: String?
    var description: String
    var unitAmount: Int
    var quantity = 1
    var model = "flat_fee"
    var isTaxable = true
    var from: Int
    var to: Int
    var itemDiscount = 0
    var share = 0
    var tax = 0

    var amount: Int { unitAmount * quantity }
    var taxable: Int { amount - itemDiscount - share }
  }

  /// A discount on the whole invoice or on the line of one item price.
  struct Discount {
    var entity: String?
    var amount: Int?
    var percentage: Decimal?

    func amount(of base: Int) -> Int {
      let wanted = amount ?? (Decimal(base) * (percentage ?? 0) / 100).minor(places: 0) ?? 0
      return min(wanted, base)
    }
  }

  private(set) var lines: [Line]
  /// Whether the taxes are a part of the lines' amounts.
  let isInclusive: Bool
  private(set) var discounts: [(type: String, amount: Int)] = []

  init(_ lines: [Line], discounts: [Discount], taxRate: Decimal, isInclusive: Bool = false) {
    self.lines = lines
    self.isInclusive = isInclusive
    for discount in discounts where discount.entity != nil { reduceItem(discount) }
    for discount in discounts where discount.entity == nil { reduceAll(discount) }
    for index in self.lines.indices where self.lines[index].isTaxable {
      let tax = Decimal(self.lines[index].taxable) * taxRate / (isInclusive ? 100 + taxRate : 100)
      self.lines[index].tax = tax.minor(places: 0) ?? 0
    }
  }

  var subTotal: Int { lines.reduce(0) { $0 + $1.amount } }
  var tax: Int { lines.reduce(0) { $0 + $1.tax } }
  var total: Int { subTotal - discounts.reduce(0) { $0 + $1.amount } + (isInclusive ? 0 : tax) }

  // MARK: Private

  private mutating func reduceItem(_ discount: Discount) {
    guard let index = lines.firstIndex(where: { $0.entity == discount.entity }) else { return }
    let worth = discount.amount(of: lines[index].amount - lines[index].itemDiscount)
    lines[index].itemDiscount += worth
    discounts.append(("item_level_discount", worth))
  }

  /// Spreads a discount over the lines by their amounts; the last line takes the rounding error.
  private mutating func reduceAll(_ discount: Discount) {
    let bases = lines.map(\.taxable)
    let base = bases.reduce(0, +)
    let worth = discount.amount(of: base)
    var left = worth
    for index in lines.indices {
      let exact = base == 0 ? 0 : Decimal(worth) * Decimal(bases[index]) / Decimal(base)
      let share = index == lines.count - 1 ? left : min(left, exact.minor(places: 0) ?? 0)
      lines[index].share += share
      left -= share
    }
    discounts.append(("document_level_discount", worth))
  }
}
