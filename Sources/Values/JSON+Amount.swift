public import FoundationEssentials

extension JSON {
  /// A number, or a string that holds nothing but a decimal number, as a decimal; nil for any other value.
  ///
  /// APIs give amounts and quantities in either form, such as Chargebee's `quantity_in_decimal`.
  public var amount: Decimal? {
    guard let text = nonBlank else { return decimal }
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let isNumber = parts.allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    return isNumber && parts.count <= 2 ? Numeral(checked: text).decimal : nil
  }
}
