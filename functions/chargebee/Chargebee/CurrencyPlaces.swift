public import FoundationEssentials
public import Values

/// How many decimal places Chargebee's amounts have, by currency.
///
/// Chargebee writes amounts as whole numbers of cents, and of whole units for the currencies that it
/// names as having no cents. What it does with other currencies that have none, or have three or
/// four, is not published: an amount wrong by a factor of a hundred is worse than none, so they are
/// refused until the connection says how it is.
public struct CurrencyPlaces: Sendable {
  private static let withoutCents: Set = ["JPY", "KRW", "XAF", "XOF"]

  private var said: [String: Int] = [:]

  /// Reads the connection's setting, `CLP=0,KWD=2`.
  public init(_ setting: JSON) throws(Failure) {
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
      said[sides[0].uppercased()] = places
    }
  }

  /// The places of a currency, where they are sure.
  public func places(of currency: String) throws(Failure) -> Int {
    let currency = currency.uppercased()
    if let places = said[currency] { return places }
    if Self.withoutCents.contains(currency) { return 0 }
    guard Money.places(of: currency) == 2 else {
      throw .permanent(
        "Chargebee does not say how many decimal places its amounts in \(currency.truncated(to: 10)) have:"
          + " look at an invoice there and set currencyPlaces of the connection, for example"
          + " \(currency.truncated(to: 10))=\(Money.places(of: currency))")
    }
    return 2
  }

  /// An amount of Chargebee's in major units; nil where it is no whole number.
  public func amount(_ value: JSON, _ currency: String) throws(Failure) -> Decimal? {
    let places = try places(of: currency)
    return value.int.map { Money(minor: $0, places: places, currency).amount }
  }
}
