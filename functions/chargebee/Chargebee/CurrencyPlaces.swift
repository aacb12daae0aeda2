import StepKit
import Values

extension CurrencyPlaces {
  /// The currencies that Chargebee lists as zero-decimal.
  private static let zeroDecimal: Set = ["JPY", "KRW", "XAF", "XOF"]

  /// The decimal places of Chargebee's amounts, with the connection's setting.
  ///
  /// Amounts are whole numbers of hundredths, of currencies with three places too, or, in the currencies
  /// that Chargebee lists as zero-decimal, of whole units. The list is not published in full: another
  /// currency without places is refused until the connection sets them, since an amount wrong by a factor
  /// of a hundred is worse than none. Source: https://www.chargebee.com/docs/2.0/supported-currencies.html.
  init(_ setting: JSON) throws(Halt) {
    try self.init(setting) { (currency) throws(Halt) in
      if Self.zeroDecimal.contains(currency) { return 0 }
      guard Money.places(of: currency) == 0 else { return 2 }
      let name = currency.truncated(to: 10)
      throw .permanent(
        "Chargebee does not say how many decimal places its amounts in \(name) have:"
          + " look at an invoice there and set currencyPlaces of the connection, for example"
          + " \(name)=0")
    }
  }
}
