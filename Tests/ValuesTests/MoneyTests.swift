import FoundationEssentials
import Testing
import Values

struct MoneyTests {
  @Test(arguments: [
    ("882.04", 2, 88204), ("0.005", 2, 0), ("0.015", 2, 2), ("0.025", 2, 2), ("0.0251", 2, 3),
    ("-0.015", 2, -2), ("1.999", 2, 200), ("1200", 0, 1200), ("0.5", 0, 0), ("1.5", 0, 2),
    ("1.2345", 3, 1234), ("92233720368547758.07", 2, Int.max), ("0", 2, 0), ("12", 2, 1200),
  ])
  func minorUnitsRoundHalfToEven(amount: String, places: Int, minor: Int) throws {
    #expect(try #require(Decimal(string: amount)).minor(places: places) == minor)
  }

  @Test(arguments: ["92233720368547758.08", "1e30"])
  func minorUnitsThatDoNotFitAreNil(amount: String) throws {
    #expect(try #require(Decimal(string: amount)).minor(places: 2) == nil)
  }

  @Test func minorUnitsRoundTrip() {
    #expect(Money(minor: 88204, places: 2, "usd") == Money(Decimal(string: "882.04") ?? 0, "USD"))
    #expect(Money(minor: 500, places: 0, "JPY").amount.minor(places: 0) == 500)
  }

  @Test(arguments: [("USD", 2), ("jpy", 0), ("KWD", 3), ("ZZZ", 2)])
  func placesFollowISO4217(currency: String, places: Int) {
    #expect(Money.places(of: currency) == places)
  }
}
