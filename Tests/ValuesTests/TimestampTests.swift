import Testing
import Values

struct TimestampTests {
  @Test(arguments: [
    ("2026-01-31T09:30:00Z", "2026-01-31T09:30:00Z"), ("2026-01-31", "2026-01-31T00:00:00Z"),
    ("2026-01-31T09:30:00.123Z", "2026-01-31T09:30:00.123Z"),
    ("2022-06-15T07:30:35.1", "2022-06-15T07:30:35.100Z"),
    ("2023-01-01T12:00:00", "2023-01-01T12:00:00Z"),
    ("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"),
    ("2024-02-29T23:59:59-0530", "2024-03-01T05:29:59Z"),
    ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"),
    ("9999-01-01T00:00:00Z", "9999-01-01T00:00:00Z"),
  ])
  func iso8601TimeIsRead(text: String, written: String) {
    #expect(Timestamp(iso: text)?.text == written)
  }

  @Test(arguments: [
    "", "2026", "2026-13-01", "2025-02-29", "2026-01-31T", "2026-01-31T25:00:00Z",
    "2026-01-31X09:30",
    "2026-01-31T09:30:00.Z", "2026-01-31T09:30:00Zjunk", "2026-1-1", "2026-01-31T09:30:00+99:00",
  ])
  func malformedTimeIsRefused(text: String) {
    #expect(Timestamp(iso: text) == nil)
  }

  @Test func everyDayRoundTrips() {
    var days = 0
    for day in stride(from: -719_000, through: 2_900_000, by: 37) {
      let midnight = Timestamp(seconds: day * 86_400)
      #expect(Timestamp(iso: midnight.text) == midnight)
      days += 1
    }
    #expect(days > 90_000)
  }

  @Test func dateDependsOnOffset() {
    let time = Timestamp(seconds: 1_767_225_640)
    #expect(time.date() == "2026-01-01")
    #expect(time.date(offset: -60) == "2025-12-31")
    #expect(time.date(offset: 330) == "2026-01-01")
  }

  @Test func timeIsClampedToFourDigitYears() {
    #expect(Timestamp(seconds: .max).text == "9999-12-31T23:59:59.999Z")
    #expect(Timestamp(seconds: .min).text == "0000-01-01T00:00:00Z")
    #expect(Timestamp(seconds: 0).adding(seconds: .max) == Timestamp(seconds: .max))
  }
}
