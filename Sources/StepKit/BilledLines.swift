public import FoundationEssentials
import Values

/// The lines of an invoice as an app bills them, in whole minor units that add up to the total.
public struct BilledLines: Sendable {
  /// The sum of the lines, in minor units.
  public let total: Int
  /// The lines in order, with their amounts in minor units.
  public let lines: [(line: InvoiceLine, amount: Int)]
  /// The amount by which the invoice was rounded to minor units, in major units; 0 for most.
  public let rounding: Decimal

  /// The lines of an invoice in minor units with a number of decimal places, fractions rounded half to
  /// even; tax lines are left out if the app is to compute taxes itself.
  ///
  /// - Throws: A permanent failure if the total does not fit an integer, or the lines do not add up to
  ///   it.
  public init(of invoice: Invoice, places: Int, leavesTaxes: Bool) throws(Halt) {
    let taken = invoice.lines.filter { !($0.isTax && leavesTaxes) }
    let taxes = invoice.lines.filter { $0.isTax && leavesTaxes }.map(\.amount)
    let wanted = taxes.reduce(invoice.total.amount, -)
    guard let total = wanted.minor(places: places) else {
      throw .permanent("\(wanted) \(invoice.total.currency) is too large an amount")
    }
    let amounts = try Self.amounts(of: taken, total: total, places: places)
    self.total = total
    lines = zip(taken, amounts).map { (line: $0, amount: $1) }
    rounding = Decimal(minor: total, places: places) - wanted
  }

  /// The sum of the credits, as a positive number of minor units.
  public var credit: Int { lines.reduce(0) { $0 - min($1.amount, 0) } }

  /// Text for a note on the rounding; nil if there was none.
  public func roundingNote(_ currency: String) -> String? {
    rounding == 0 ? nil : "rounded by \(rounding) \(currency)"
  }

  /// The amounts of the lines in minor units, with the rounding difference.
  private static func amounts(
    of lines: [InvoiceLine], total: Int, places: Int
  ) throws(Halt) -> [Int] {
    let amounts = lines.compactMap { $0.amount.minor(places: places) }
    let sum = amounts.reduce(Decimal(0)) { $0 + Decimal($1) }
    guard amounts.count == lines.count, let difference = (Decimal(total) - sum).minor(places: 0),
      difference.magnitude <= UInt(lines.count), !amounts.isEmpty,
      // A partial sum may exceed the total, so no amount may come near the limit of an integer
      amounts.allSatisfy({ $0.magnitude < 1 << 53 })
    else {
      throw .permanent(
        "the lines of the invoice do not add up to its total: correct it where it comes from, and retry the"
          + " run")
    }
    return spread(difference, over: amounts)
  }

  /// The amounts with a difference on the largest or, where that would not stay a charge, one unit each
  /// on the largest ones in turn: no charge becomes a credit.
  private static func spread(_ difference: Int, over amounts: [Int]) -> [Int] {
    var amounts = amounts
    let order = amounts.indices.sorted { (amounts[$0], $1) > (amounts[$1], $0) }
    guard let largest = order.first, difference != 0 else { return amounts }
    guard difference < 0, amounts[largest] + difference <= 0, amounts[largest] > 0 else {
      amounts[largest] += difference
      return amounts
    }
    var left = -difference
    while left > 0 {
      let charges = order.filter { amounts[$0] > 0 }.prefix(left)
      guard !charges.isEmpty else { break }
      for index in charges { amounts[index] -= 1 }
      left -= charges.count
    }
    amounts[largest] -= left
    return amounts
  }
}
