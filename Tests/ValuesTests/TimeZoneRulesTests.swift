import Testing
import Values

struct TimeZoneRulesTests {
  private let newYork = TimeZoneRules(
    name: "America/New_York",
    [
      .init(from: 1_741_503_600, minutes: -240), .init(from: 1_762_063_200, minutes: -300),
      .init(from: 1_772_953_200, minutes: -240), .init(from: 1_793_512_800, minutes: -300),
    ])
  /// Clocks go forward at midnight of 2026-04-24.
  private let cairo = TimeZoneRules(
    name: "Africa/Cairo",
    [.init(from: 1_761_858_000, minutes: 120), .init(from: 1_776_981_600, minutes: 180)])

  private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(iso: text)) }

  @Test(arguments: [
    ("2026-07-01T03:59:59Z", "2026-06-30"), ("2026-07-01T04:00:00Z", "2026-07-01"),
    ("2026-02-01T04:59:59Z", "2026-01-31"), ("2026-02-01T05:00:00Z", "2026-02-01"),
    // Before and after the span
    ("2010-01-01T03:59:59Z", "2009-12-31"), ("2060-07-01T04:59:59Z", "2060-06-30"),
  ])
  func dateDependsOnSeason(text: String, date: String) throws {
    #expect(newYork.date(try time(text)) == date)
  }

  @Test(arguments: [
    ("2026-02-01", "2026-02-01T05:00:00Z"), ("2026-07-01", "2026-07-01T04:00:00Z"),
    ("2026-03-08", "2026-03-08T05:00:00Z"), ("2026-03-09", "2026-03-09T04:00:00Z"),
    ("2026-11-01", "2026-11-01T04:00:00Z"), ("2026-11-02", "2026-11-02T05:00:00Z"),
  ])
  func dayBeginsAtLocalMidnight(date: String, start: String) throws {
    #expect(newYork.start(of: date) == (try time(start)))
  }

  @Test func dayWithoutMidnightBeginsWithTheChange() throws {
    #expect(cairo.start(of: "2026-04-23") == (try time("2026-04-22T22:00:00Z")))
    #expect(cairo.start(of: "2026-04-24") == (try time("2026-04-23T22:00:00Z")))
    #expect(cairo.start(of: "2026-04-25") == (try time("2026-04-24T21:00:00Z")))
    #expect(cairo.start(of: "2026-04-31") == nil)
    #expect(cairo.start(of: "noon") == nil)
  }

  @Test func everyDayBeginsWithItsDate() throws {
    for day in 20_400..<21_500 {
      let date = Timestamp(seconds: day * 86_400).date()
      for zone in [newYork, cairo, TimeZoneRules(minutes: 330)] {
        let start = try #require(zone.start(of: date))
        #expect(zone.date(start) == date)
        #expect(zone.date(start.adding(seconds: -1)) < date)
      }
    }
  }

  @Test func rulesRoundTrip() {
    #expect(TimeZoneRules(json: newYork.json) == newYork)
    #expect(TimeZoneRules(json: ["name": "A/B", "offsets": []]) == nil)
    #expect(TimeZoneRules(json: ["name": "A/B", "offsets": [[2, 0], [1, 60]]]) == nil)
    #expect(TimeZoneRules(json: ["offsets": [[0, 0]]]) == nil)
  }

  @Test func fixedOffsetIsRead() {
    #expect(TimeZoneRules(offset: "+05:30") == TimeZoneRules(minutes: 330))
    #expect(TimeZoneRules(offset: "-05:00") == TimeZoneRules(minutes: -300))
    for text in ["5:30", "+5:30", "+15:00", "+05:60", "05:30", "+٠٥:٣٠", ""] {
      #expect(TimeZoneRules(offset: text) == nil)
    }
  }
}
