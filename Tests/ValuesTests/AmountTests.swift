import FoundationEssentials
import Testing
import Values

/// Amounts as numbers and as text.
struct AmountTests {
  @Test(arguments: [
    ("882.04", "882.04"), ("\"882.04\"", "882.04"), ("\"-5\"", "-5"), ("\" 250.50 \"", "250.5"),
  ])
  func amountIsReadFromNumbersAndText(json: String, amount: String) throws {
    #expect(try JSON(parsing: Array(json.utf8)).amount == Decimal(string: amount))
  }

  @Test(arguments: ["many", "12abc", "", "1.", ".5", "1.2.3", "--1", "1e3", "0x10", "1,000"])
  func otherTextIsNoAmount(text: String) {
    #expect(JSON.string(text).amount == nil)
  }
}
