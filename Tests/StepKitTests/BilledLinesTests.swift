import FoundationEssentials
import StepKit
import Testing
import Values

struct BilledLinesTests {
  private func billed(_ amounts: [String], total: String, places: Int = 2) throws -> BilledLines {
    let lines = try amounts.map {
      InvoiceLine(description: "", amount: try #require(Decimal(string: $0)))
    }
    let invoice = Invoice(
      ids: ["togai": "inv"], customer: [:],
      total: Money(try #require(Decimal(string: total)), "USD"), lines: lines)
    return try BilledLines(of: invoice, places: places, leavesTaxes: false)
  }

  @Test func differenceGoesToTheLargestLine() throws {
    #expect(
      try billed(["1.004", "5.004", "2.004"], total: "8.01").lines.map(\.amount) == [100, 501, 200])
    #expect(
      try billed(["1.006", "5.006", "2.006"], total: "8.02").lines.map(\.amount) == [101, 500, 201])
  }

  @Test func differenceMakesNoChargeACredit() throws {
    let billed = try billed([String](repeating: "0.006", count: 10), total: "0.06")
    #expect(billed.lines.map(\.amount).reduce(0, +) == 6)
    #expect(billed.lines.allSatisfy { $0.amount >= 0 })
    #expect(billed.credit == 0)
  }

  @Test func totalIsRoundedHalfToEven() throws {
    let billed = try billed(["12.345"], total: "12.345")
    #expect(billed.total == 1234)
    #expect(billed.roundingNote("KWD") == "rounded by -0.005 KWD")
    #expect(try self.billed(["12.34"], total: "12.34").roundingNote("KWD") == nil)
  }

  @Test func replyStepsAsideOnlyWhereItSaysSo() throws {
    let aside = Reply<JSON>.retry("later", after: 5, aside: true)
    #expect(aside.json == ["outcome": "retry", "reason": "later", "after": 5, "aside": true])
    #expect(Reply<JSON>.retry("later").json == ["outcome": "retry", "reason": "later"])
    guard case .retry("later", 5, true) = try Reply<JSON>(json: aside.json) else {
      Issue.record("the reply is read otherwise")
      return
    }
  }
}
