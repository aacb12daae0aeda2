import Foundation
import Setup
import StepKit
import Testing
import Values

@testable import Policies

/// What a policy says, read from its document.
struct PolicyTests {
  private let now = WallClock.system.now()

  private func policy(_ text: String) throws -> Policy {
    try Policy(JSON(parsing: text), of: "ab", now: now)
  }

  @Test(arguments: [
    #"[]"#, #"{"holds":"all"}"#, #"{"hold":"some"}"#, #"{"hold":{"last":3}}"#,
    #"{"hold":{"first":-1}}"#, #"{"hold":{"above":{"usd":1}}}"#, #"{"hold":{"above":1000}}"#,
    #"{"largest":{"USD":"much"}}"#, #"{"largest":{}}"#, #"{"largest":{"USD":-1}}"#,
    #"{"allow":["/payments"]}"#, #"{"allow":"mail"}"#, #"{"hourly":{}}"#,
    #"{"hourly":{"count":1.5}}"#, #"{"daily":{"sum":{"USD":1}}}"#, #"{"breaker":{}}"#,
    #"{"breaker":{"failures":0}}"#, #"{"zone":"Mars/Olympus"}"#, #"{"zone":5}"#,
    #"{"approvals":3}"#, #"{"grantHours":0}"#,
    #"{"freezes":[{"from":"2026-12-24","until":"2026-12-27"}]}"#,
    #"{"freezes":[{"from":"2026-12-27T00:00","until":"2026-12-24T00:00"}]}"#,
    #"{"freezes":[{"days":["someday"],"from":"00:00","until":"24:00"}]}"#,
    #"{"freezes":[{"days":["friday"],"from":"2026-12-24T00:00","until":"2026-12-27T00:00"}]}"#,
  ]) func policyOfAnotherFormIsRefused(text: String) {
    #expect(throws: Problem.self) { try policy(text) }
  }

  @Test func freezeWindowIsOfTheZone() throws {
    let policy = try policy(
      #"""
      {"zone":"America/New_York","freezes":[
        {"from":"2026-12-24T00:00","until":"2026-12-27T08:00","reason":"holidays"},
        {"days":["sunday"],"from":"06:00","until":"24:00"}]}
      """#)
    func freeze(_ time: String) throws -> String? {
      let time = try #require(Timestamp(iso: time))
      return policy.freeze(at: time).map { "\($0.reason ?? "no reason") until \($0.end.text)" }
    }
    #expect(try freeze("2026-12-24T04:59:59Z") == nil)
    // The second window begins within the first, and ends it
    #expect(try freeze("2026-12-24T05:00:00Z") == "holidays until 2026-12-28T05:00:00Z")
    // Sundays in summer and in winter: 6 o'clock there
    #expect(try freeze("2026-07-05T09:59:00Z") == nil)
    #expect(try freeze("2026-07-05T10:00:00Z") == "no reason until 2026-07-06T04:00:00Z")
    #expect(try freeze("2026-11-29T10:59:00Z") == nil)
    #expect(try freeze("2026-11-29T11:00:00Z") == "no reason until 2026-11-30T05:00:00Z")
    #expect(try freeze("2026-11-30T12:00:00Z") == nil)
  }

  @Test func dayIsOfTheZone() throws {
    let zone = try #require(PolicyZone("Asia/Kathmandu", around: now))
    let day = zone.day(try #require(Timestamp(iso: "2026-03-01T18:20:00Z")))
    #expect(day.start.text == "2026-03-01T18:15:00Z")
    #expect(day.end.text == "2026-03-02T18:15:00Z")
    let hour = zone.hour(try #require(Timestamp(iso: "2026-03-01T18:20:00Z")))
    #expect(hour.start.text == "2026-03-01T18:15:00Z")
    let berlin = try #require(PolicyZone("Europe/Berlin", around: now))
    // A day of 23 hours
    let short = berlin.day(try #require(Timestamp(iso: "2026-03-29T12:00:00Z")))
    #expect(short.start.text == "2026-03-28T23:00:00Z")
    #expect(short.end.text == "2026-03-29T22:00:00Z")
  }

  @Test func spendingIsOfTheLastDayAndCanBeTakenBack() throws {
    var spending = Spending()
    let start = try #require(Timestamp(iso: "2026-03-01T10:00:00Z"))
    let first = spending.count(Money(Decimal(1250) / 100, "USD"), at: start)
    _ = spending.count(Money(1, "EUR"), at: start.adding(seconds: 899))
    _ = spending.count(nil, at: start.adding(seconds: 3600))
    spending = try Spending(spending.json.text, at: "spent/ab")
    #expect(spending.count(since: start) == 3)
    #expect(spending.count(since: start.adding(seconds: 3600)) == 1)
    #expect(spending.sum(of: "USD", since: start) == Decimal(1250) / 100)
    #expect(spending.sum(of: "EUR", since: start) == 1)
    spending.uncount(try #require(Spending.Counted(first.json)))
    #expect(spending.count(since: start) == 2)
    #expect(spending.sum(of: "USD", since: start) == 0)
    #expect(spending.total == 2)
    _ = spending.count(nil, at: start.adding(seconds: 40 * 3600))
    #expect(spending.count(since: start) == 1, "what is older than a day is not kept")
  }
}
