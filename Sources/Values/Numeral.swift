public import FoundationEssentials

/// A JSON number as it was written: `1.0` stays `1.0`, and nothing passes through a Double.
public struct Numeral: Sendable, Hashable {
  /// The digits, a number by JSON's grammar.
  public let text: String

  /// A whole number.
  public init(_ value: Int) { text = String(value) }

  /// A decimal number, exact.
  public init(_ value: Decimal) { text = value.description }

  /// For the parser, which has checked the grammar.
  init(checked text: String) { self.text = text }

  /// The number as an integer, if it is whole and fits; `1.0` and `1e3` are whole.
  public var int: Int? {
    if let value = Int(text) { return value }
    guard let decimal, let value = Int(decimal.description) else { return nil }
    return value
  }

  /// The number as a decimal, or nil where it has more than 38 digits or is out of range.
  public var decimal: Decimal? {
    guard text.utf8.count(where: { (0x30...0x39).contains($0) }) <= 38 else { return nil }
    return Decimal(string: text)
  }
}

extension JSON {
  /// The number as a decimal, or nil for any other value.
  public var decimal: Decimal? { number?.decimal }

  /// A decimal number, or nil where there is none: for ``members(_:)``.
  public static func decimal(_ value: Decimal?) -> JSON? { value.map { .number(Numeral($0)) } }
}
