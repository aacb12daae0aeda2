public import FoundationEssentials

/// A JSON number as written: `1.0` stays `1.0`, and nothing is converted to a Double.
public struct Numeral: Sendable, Hashable {
  /// The digits, a number by the grammar of JSON.
  public let text: String

  /// An integer.
  public init(_ value: Int) { text = String(value) }

  /// A decimal number, exact.
  public init(_ value: Decimal) { text = value.description }

  /// A text that the reader has checked against the grammar.
  init(checked text: String) { self.text = text }

  /// The number as an integer; nil if it is not whole (`1.0` and `1e3` are) or does not fit.
  public var int: Int? {
    if let value = Int(text) { return value }
    return decimal.flatMap { Int($0.description) }
  }

  /// The number as a decimal; nil if it has more than 38 digits or is out of range.
  public var decimal: Decimal? {
    guard text.utf8.count(where: { (0x30...0x39).contains($0) }) <= 38 else { return nil }
    return Decimal(string: text)
  }
}
