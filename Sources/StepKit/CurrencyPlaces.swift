public import FoundationEssentials
public import Values

/// The decimal places of an app's amounts by currency: those that a connection sets, and the app's own.
public struct CurrencyPlaces: Sendable {
  private let standard: @Sendable (String) throws(Halt) -> Int
  private var configured: [String: Int] = [:]

  /// Reads the connection's setting, such as `CLP=0,KWD=2`; the function gives the app's own places by
  /// a code in upper case.
  ///
  /// - Throws: A permanent failure if the setting is not of that form.
  public init(
    _ setting: JSON, standard: @escaping @Sendable (String) throws(Halt) -> Int
  ) throws(Halt) {
    self.standard = standard
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
  /// - Throws: A permanent failure if they are neither known nor configured.
  public func places(of currency: String) throws(Halt) -> Int {
    let currency = currency.uppercased()
    if let places = configured[currency] { return places }
    return try standard(currency)
  }

  /// An amount in minor units, a number or a string of one, in major units; nil if it is not whole.
  public func amount(_ value: JSON, _ currency: String) throws(Halt) -> Decimal? {
    let places = try places(of: currency)
    return value.amount.flatMap { Int($0.description) }.map { Decimal(minor: $0, places: places) }
  }
}
