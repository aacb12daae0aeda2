import FoundationEssentials
public import Values

/// The lines of an invoice as an app bills them: whole numbers of its minor unit that add up to the
/// total.
public struct BilledLines: Sendable {
  /// What the lines come to.
  public let total: Int
  /// The lines, in order, each with its amount.
  public let lines: [(line: InvoiceLine, amount: Int)]

  /// The lines of an invoice in units of so many decimal places; taxes stay out where the app is to
  /// compute them.
  public init(of invoice: Invoice, places: Int, leavesTaxes: Bool) throws(Failure) {
    let taken = invoice.lines.filter { !($0.isTax && leavesTaxes) }
    let taxes = invoice.lines.filter { $0.isTax && leavesTaxes }.map(\.amount)
    let wanted = taxes.reduce(invoice.total.amount, -)
    guard let total = wanted.minor(places: places),
      Money(minor: total, places: places, "").amount == wanted
    else {
      throw .permanent(
        "\(wanted) \(invoice.total.currency) is no amount with \(places) decimal places")
    }
    let amounts = try Self.amounts(of: taken, total: total, places: places)
    self.total = total
    lines = zip(taken, amounts).map { (line: $0, amount: $1) }
  }

  /// What the credits come to, as a number above zero.
  public var credit: Int { lines.reduce(0) { $0 - min($1.amount, 0) } }

  /// The lines in minor units; what rounding leaves goes to the largest.
  private static func amounts(
    of lines: [InvoiceLine], total: Int, places: Int
  ) throws(Failure) -> [Int] {
    var amounts = lines.compactMap { $0.amount.minor(places: places) }
    let sum = amounts.reduce(Decimal(0)) { $0 + Decimal($1) }
    guard amounts.count == lines.count, let difference = (Decimal(total) - sum).minor(places: 0),
      difference.magnitude <= UInt(lines.count),
      let largest = amounts.indices.max(by: { amounts[$0] < amounts[$1] }),
      // A sum of parts may be larger than the whole, so the parts are kept far from the edge
      amounts.allSatisfy({ $0.magnitude < 1 << 53 })
    else { throw .permanent("the lines of the invoice do not add up to its total") }
    amounts[largest] += difference
    return amounts
  }
}
