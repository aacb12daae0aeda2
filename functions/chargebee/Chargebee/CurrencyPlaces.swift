import FoundationEssentials
import StepKit
import Values

/// The decimal places of Chargebee's amounts, by currency.
///
/// Amounts are whole numbers of cents or, in the currencies that Chargebee lists as zero-decimal, of
/// whole units. Other currencies without cents, or with three or four places, are not documented. An
/// amount wrong by a factor of a hundred is worse than none, so such a currency is refused until the
/// connection sets its places.
struct CurrencyPlaces {
  private static let zeroDecimal: Set = ["JPY", "KRW", "XAF", "XOF"]

  private var configured: [String: Int] = [:]

  /// Reads the connection's setting, such as `CLP=0,KWD=2`.
  init(_ setting: JSON) throws(Halt) {
    for entry in (setting.nonBlank ?? "").split(separator: ",") {
      let sides = entry.split(separator: "=", omittingEmptySubsequences: false)
        .map { String($0).nonBlank ?? "" }
      guard sides.count == 2, sides[0].count == 3, let places = Int(sides[1]),
        (0...4).contains(places)
      else {
        throw .permanent(
          "the connection's currencyPlaces has \"\(String(entry).truncated(to: 40))\": write a currency"
            + " and its decimal places as CLP=0")
      }
      configured[sides[0].uppercased()] = places
    }
  }

  /// The decimal places of a currency.
  ///
  /// - Throws: A permanent failure if they are neither documented nor configured.
  func places(of currency: String) throws(Halt) -> Int {
    let currency = currency.uppercased()
    if let places = configured[currency] { return places }
    if Self.zeroDecimal.contains(currency) { return 0 }
    let places = Money.places(of: currency)
    guard places == 2 else {
      let name = currency.truncated(to: 10)
      throw .permanent(
        "Chargebee does not say how many decimal places its amounts in \(name) have:"
          + " look at an invoice there and set currencyPlaces of the connection, for example"
          + " \(name)=\(places)")
    }
    return places
  }

  /// An amount of Chargebee's in major units; nil if it is not a whole number.
  func amount(_ value: JSON, _ currency: String) throws(Halt) -> Decimal? {
    let places = try places(of: currency)
    return value.int.map { Decimal(minor: $0, places: places) }
  }
}
