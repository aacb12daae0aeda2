public import FoundationEssentials

/// An amount in a currency: a decimal in major units, never a Double.
public struct Money: Sendable, Hashable {
  /// Major units: 12.34 dollars.
  public let amount: Decimal
  /// The ISO 4217 code, upper-case.
  public let currency: String

  /// An amount in major units; the currency's code is made upper-case.
  public init(_ amount: Decimal, _ currency: String) {
    self.amount = amount
    self.currency = currency.uppercased()
  }

  /// An amount of minor units: 1234 with two places is 12.34.
  public init(minor: Int, places: Int, _ currency: String) {
    self.init(Decimal(minor) / Self.power(places), currency)
  }

  /// The amount as a whole number of the unit with so many decimal places, rounded half to even;
  /// nil where it does not fit an integer.
  public func minor(places: Int) -> Int? { amount.minor(places: places) }

  /// How many decimal places ISO 4217 gives the currency; two where it says nothing else.
  public static func places(of currency: String) -> Int {
    switch currency.uppercased() {
    case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND",
      "VUV", "XAF", "XOF", "XPF":
      0
    case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
    case "CLF", "UYW": 4
    default: 2
    }
  }

  private static func power(_ places: Int) -> Decimal {
    (0..<max(places, 0)).reduce(Decimal(1)) { power, _ in power * 10 }
  }
}

extension Decimal {
  /// The number as a whole number of units of so many decimal places, rounded half to even; nil where
  /// it does not fit an integer.
  ///
  /// It works on the digits, since FoundationEssentials rounds no Decimal.
  public func minor(places: Int) -> Int? {
    let text = magnitude.description
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    let kept =
      fraction.prefix(places) + String(repeating: "0", count: max(places - fraction.count, 0))
    guard let digits = Int(parts[0] + kept) else { return nil }
    let rest = fraction.dropFirst(places)
    let rounded =
      Self.roundsUp(rest, after: digits) ? digits.addingReportingOverflow(1) : (digits, false)
    guard !rounded.1 else { return nil }
    return self < 0 ? -rounded.0 : rounded.0
  }

  private static func roundsUp(_ rest: Substring, after digits: Int) -> Bool {
    guard let first = rest.first?.wholeNumberValue, first >= 5 else { return false }
    let isHalf = first == 5 && rest.dropFirst().allSatisfy { $0 == "0" }
    return isHalf ? !digits.isMultiple(of: 2) : true
  }
}
