import FoundationEssentials
import Values

/// The lines of an invoice as an app bills them, in whole minor units that add up to the total.
public struct BilledLines: Sendable {
  /// The sum of the lines, in minor units.
  public let total: Int
  /// The lines in order, with their amounts in minor units.
  public let lines: [(line: InvoiceLine, amount: Int)]

  /// The lines of an invoice in minor units with a number of decimal places; tax lines are left out if the
  /// app is to compute taxes itself.
  ///
  /// - Throws: A permanent failure if the total is not a whole number of minor units, or the lines do
  ///   not add up to it.
  public init(of invoice: Invoice, places: Int, leavesTaxes: Bool) throws(Halt) {
    let taken = invoice.lines.filter { !($0.isTax && leavesTaxes) }
    let taxes = invoice.lines.filter { $0.isTax && leavesTaxes }.map(\.amount)
    let wanted = taxes.reduce(invoice.total.amount, -)
    guard let total = wanted.minor(places: places),
      Decimal(minor: total, places: places) == wanted
    else {
      throw .permanent(
        "\(wanted) \(invoice.total.currency) is no amount with \(places) decimal places")
    }
    let amounts = try Self.amounts(of: taken, total: total, places: places)
    self.total = total
    lines = zip(taken, amounts).map { (line: $0, amount: $1) }
  }

  /// The sum of the credits, as a positive number of minor units.
  public var credit: Int { lines.reduce(0) { $0 - min($1.amount, 0) } }

  /// The amounts of the lines in minor units; the rounding difference goes to the largest line.
  private static func amounts(
    of lines: [InvoiceLine], total: Int, places: Int
  ) throws(Halt) -> [Int] {
    var amounts = lines.compactMap { $0.amount.minor(places: places) }
    let sum = amounts.reduce(Decimal(0)) { $0 + Decimal($1) }
    guard amounts.count == lines.count, let difference = (Decimal(total) - sum).minor(places: 0),
      difference.magnitude <= UInt(lines.count),
      let largest = amounts.indices.max(by: { amounts[$0] < amounts[$1] }),
      // A partial sum may exceed the total, so no amount may come near the limit of an integer
      amounts.allSatisfy({ $0.magnitude < 1 << 53 })
    else { throw .permanent("the lines of the invoice do not add up to its total") }
    amounts[largest] += difference
    return amounts
  }
}
