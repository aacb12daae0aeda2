import Foundation
import StepKit
import Testing
import Values

@testable import Operations

/// What of two lists agrees, without apps.
struct InvoiceComparisonTests {
  private let now = Timestamp(seconds: 1_796_083_200)  // 2026-12-01
  private let utc = TimeZone(identifier: "UTC") ?? .current

  private func invoice(
    _ id: String, _ total: Decimal = 10, state: ListedInvoice.State = .due, due: Decimal? = nil,
    currency: String = "USD", customer: String = "c", at day: Int = -20,
    of reference: String? = nil,
    exclusion: String? = nil
  ) -> ListedInvoice {
    var invoice = ListedInvoice(
      id: id, customer: customer, currency: currency, total: total,
      due: due ?? (state == .due ? total : 0), state: state, word: state.rawValue,
      at: now.adding(seconds: day * 86_400))
    (invoice.reference, invoice.exclusion) = (reference, exclusion)
    return invoice
  }

  private func compare(
    _ from: [ListedInvoice], _ to: [ListedInvoice], links: [String: String] = [:],
    customers: [String: String] = [:], hasOneDate: Bool = true
  ) throws -> InvoiceComparison {
    var comparison = InvoiceComparison(
      from: from, to: to, period: try Period("2026-11", in: utc), now: now, hasOneDate: hasOneDate,
      linked: { links[$0] }, customer: { customers[$0] })
    try comparison.run()
    return comparison
  }

  private func kinds(_ comparison: InvoiceComparison) -> [Difference.Kind] {
    comparison.differences.map(\.kind)
  }

  /// A credit is added when somebody grants it, which may be months after the date of the invoice.
  @Test func thingsWithDatesOfTheirOwnMayBeInOtherMonths() throws {
    let credit = invoice("pc_1", at: 20, of: "inv.1")
    let later = try compare(
      [invoice("inv.1")], [credit], links: ["inv.1": "pc_1"], hasOneDate: false)
    #expect(kinds(later) == [])
    // The invoice of an earlier time is not in the list, and is linked
    let earlier = invoice("pc_2", of: "inv.2")
    #expect(kinds(try compare([], [earlier], links: ["inv.2": "pc_2"], hasOneDate: false)) == [])
    #expect(kinds(try compare([], [earlier], links: ["inv.2": "pc_2"])) == [.orphan])
  }

  @Test func linkedInvoicesAgree() throws {
    let result = try compare(
      [invoice("inv.1"), invoice("inv.2", state: .paid)],
      [invoice("1", of: "inv.1"), invoice("2", state: .paid, of: "inv.2")],
      links: ["inv.1": "1", "inv.2": "2"])
    #expect(result.differences.isEmpty)
    #expect(result.totals["USD"]?.synced.amount == 20 && result.totals["USD"]?.ties == true)
  }

  @Test func invoiceBilledTwiceIsDoubledAndAVoidedOneIsNot() throws {
    let twice = try compare(
      [invoice("inv.1")], [invoice("1", of: "inv.1"), invoice("2", of: "inv.1")],
      links: ["inv.1": "1"])
    #expect(kinds(twice) == [.doubled])
    #expect(twice.differences.first?.to == ["1", "2"])
    let voided = try compare(
      [invoice("inv.1")], [invoice("1", state: .void, of: "inv.1"), invoice("2", of: "inv.1")],
      links: ["inv.1": "2"])
    #expect(kinds(voided).isEmpty)
  }

  @Test func amountsCurrenciesStatesAndCustomersAreCompared() throws {
    func kinds(_ from: ListedInvoice, _ to: ListedInvoice) throws -> [Difference.Kind] {
      self.kinds(
        try compare([from], [to], links: [from.id: to.id], customers: ["c": "c"]))
    }
    let one = invoice("inv.1")
    #expect(try kinds(one, invoice("1", 12, due: 10)) == [.total])
    #expect(try kinds(one, invoice("1", due: 4)) == [.due])
    #expect(try kinds(one, invoice("1", currency: "EUR")) == [.currency])
    #expect(try kinds(one, invoice("1", state: .paid)) == [.state])
    #expect(try kinds(one, invoice("1", state: .void)) == [.state])
    #expect(try kinds(one, invoice("1", customer: "d")) == [.customer])
    #expect(try kinds(one, invoice("1", at: 3)) == [.month])
    #expect(try kinds(invoice("inv.1", state: .void), invoice("1")) == [.state])
    #expect(try kinds(invoice("inv.1", state: .void), invoice("1", state: .void)) == [])
    #expect(try kinds(invoice("inv.1", state: .refunded), invoice("1", state: .paid)) == [])
  }

  @Test func linkToAnInvoiceThatIsNotListedIsAbsent() throws {
    let result = try compare([invoice("inv.1")], [], links: ["inv.1": "gone"])
    #expect(kinds(result) == [.absent])
    #expect(result.totals["USD"]?.unsynced.count == 1)
  }

  @Test func ownInvoicesOfTheOtherAppAreNoDifference() throws {
    let result = try compare(
      [invoice("inv.1")],
      [invoice("1", of: "inv.1"), invoice("own", 7), invoice("po", 8, of: "PO-7")],
      links: ["inv.1": "1"])
    #expect(result.differences.isEmpty)
    #expect(result.totals["USD"]?.own.amount == 15)
  }

  @Test func invoiceMadeForOneThatIsNotListedIsAnOrphan() throws {
    let result = try compare(
      [invoice("inv.1")], [invoice("1", of: "inv.1"), invoice("2", of: "inv.9")],
      links: ["inv.1": "1"])
    #expect(kinds(result) == [.orphan])
  }

  /// What belongs to another month is found there, and is not counted in this one.
  @Test func invoicesOfOtherMonthsAreNotCounted() throws {
    let result = try compare(
      [invoice("inv.1", at: -40), invoice("inv.2", at: 5)],
      [invoice("1", at: -40, of: "inv.1"), invoice("2", at: -2, of: "inv.2")],
      links: ["inv.1": "1", "inv.2": "2"])
    #expect(result.differences.isEmpty && result.totals.isEmpty)
  }

  @Test func excludedInvoicesNeedNoCounterpart() throws {
    let result = try compare(
      [invoice("inv.1", exclusion: "an order"), invoice("inv.2", state: .void)], [])
    #expect(result.differences.isEmpty)
    #expect(result.totals["USD"]?.excluded.count == 2 && result.totals["USD"]?.ties == true)
  }

  @Test func periodsBeginAndEndInTheirZone() throws {
    let newYork = try #require(TimeZone(identifier: "America/New_York"))
    let march = try Period("2026-03", in: newYork)
    #expect(march.from.text == "2026-03-01T05:00:00Z")
    #expect(march.until.text == "2026-04-01T04:00:00Z", "in summer time")
    let days = try Period("2026-10-01..2026-10-15", in: utc)
    #expect(days.until.text == "2026-10-16T00:00:00Z")
    #expect(try Period("2026", in: utc).until.text == "2027-01-01T00:00:00Z")
    for text in ["", "2026-13", "26-01", "2026-1", "2026-02-30", "2026-03..2026-02", "a..b..c"] {
      #expect(throws: Problem.self, "\(text)") { try Period(text, in: utc) }
    }
  }
}
