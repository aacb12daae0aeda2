public import FoundationEssentials

/// An amount in a currency: a decimal in major units, never a Double.
public struct Money: Sendable, Hashable {
  /// The amount in major units, such as 12.34 dollars.
  public let amount: Decimal
  /// The ISO 4217 code, in upper case.
  public let currency: String

  /// An amount in major units; the code may be in any case.
  public init(_ amount: Decimal, _ currency: String) {
    self.amount = amount
    self.currency = currency.uppercased()
  }

  /// The amount and the code, such as `12.34 USD`.
  public var text: String { "\(amount) \(currency)" }

  /// The amount with all decimal places of its currency: `120.00`; one with more places as it is.
  public var digits: String {
    let places = Self.places(of: currency)
    guard places > 0, let minor = amount.minor(places: places),
      Decimal(minor: minor, places: places) == amount
    else { return amount.description }
    let text = String(minor.magnitude)
    let padded = String(repeating: "0", count: max(places + 1 - text.count, 0)) + text
    return (minor < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places)
  }

  /// An amount in minor units with a number of decimal places.
  public init(minor: Int, places: Int, _ currency: String) {
    self.init(Decimal(minor: minor, places: places), currency)
  }

  /// The decimal places of a currency by ISO 4217; 2 for an unknown code.
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
}

extension Decimal {
  /// Minor units in major units: 1234 with two decimal places is 12.34.
  public init(minor: Int, places: Int) {
    let unit = (0..<max(places, 0)).reduce(Decimal(1)) { unit, _ in unit * 10 }
    self = Decimal(minor) / unit
  }

  /// The number in minor units with a number of decimal places, rounded half to even; nil if it does not
  /// fit an integer.
  ///
  /// It works on the digits, since FoundationEssentials does not round a Decimal.
  public func minor(places: Int) -> Int? {
    let parts = magnitude.description.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    let kept =
      fraction.prefix(places) + String(repeating: "0", count: max(places - fraction.count, 0))
    guard let digits = Int(parts[0] + kept) else { return nil }
    let roundsUp = Self.roundsUp(fraction.dropFirst(places), after: digits)
    let (rounded, overflow) = digits.addingReportingOverflow(roundsUp ? 1 : 0)
    guard !overflow else { return nil }
    return self < 0 ? -rounded : rounded
  }

  /// Whether dropped digits round up the integer before them, half to even.
  private static func roundsUp(_ dropped: Substring, after digits: Int) -> Bool {
    guard let first = dropped.first?.wholeNumberValue, first >= 5 else { return false }
    let isHalf = first == 5 && dropped.dropFirst().allSatisfy { $0 == "0" }
    return isHalf ? !digits.isMultiple(of: 2) : true
  }
}
