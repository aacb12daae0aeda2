import Catalog
import Testing
import Values

/// The times of cron expressions in time zones.
struct CronScheduleTests {
  /// The next times after a time, in UTC without seconds.
  private func next(_ text: String, after time: String, _ count: Int) throws -> [String] {
    let schedule = try CronSchedule(text)
    var time = try #require(Timestamp(iso: time))
    return try (0..<count).map { _ in
      time = try #require(schedule.next(after: time))
      return String(time.text.prefix(16))
    }
  }

  @Test(arguments: [
    ("0 6 * * *", ["2026-01-30T06:00", "2026-01-31T06:00"]),
    ("*/20 * * * *", ["2026-01-30T00:20", "2026-01-30T00:40"]),
    ("5,10-12/2 3 * * *", ["2026-01-30T03:05", "2026-01-30T03:10"]),
    ("30/20 * * * *", ["2026-01-30T00:30", "2026-01-30T00:50"]),
    ("0 0 31 * *", ["2026-01-31T00:00", "2026-03-31T00:00"]),
    ("0 0 29 feb *", ["2028-02-29T00:00", "2032-02-29T00:00"]),
    ("0 9 * * MON-fri", ["2026-01-30T09:00", "2026-02-02T09:00"]),
    ("0 9 * * 7", ["2026-02-01T09:00", "2026-02-08T09:00"]),
    // Both fields of the day: either fits
    ("0 0 1 * sat", ["2026-01-31T00:00", "2026-02-01T00:00"]),
    ("@monthly", ["2026-02-01T00:00", "2026-03-01T00:00"]),
    ("0 6 1 * * America/New_York", ["2026-02-01T11:00", "2026-03-01T11:00"]),
    ("  0  0 * *  * Asia/Kolkata ", ["2026-01-30T18:30", "2026-01-31T18:30"]),
  ])
  func scheduleHasItsTimes(text: String, times: [String]) throws {
    #expect(try next(text, after: "2026-01-30", times.count) == times)
  }

  /// New York sets its clocks forward on 2026-03-08 at 07:00 UTC, and back on 2026-11-01 at 06:00 UTC.
  @Test(arguments: [
    ("30 2 * * *", "2026-03-07T12:00", ["2026-03-08T07:00", "2026-03-09T06:30"]),
    ("0 3 * * *", "2026-03-07T12:00", ["2026-03-08T07:00", "2026-03-09T07:00"]),
    ("30 1 * * *", "2026-10-31T12:00", ["2026-11-01T05:30", "2026-11-02T06:30"]),
    (
      "30 * * * *", "2026-11-01T04:45",
      ["2026-11-01T05:30", "2026-11-01T06:30", "2026-11-01T07:30"]
    ),
    (
      "30 * * * *", "2026-03-08T06:00",
      ["2026-03-08T06:30", "2026-03-08T07:30", "2026-03-08T08:30"]
    ),
    ("0 6 * * *", "2026-03-07T12:00", ["2026-03-08T10:00", "2026-03-09T10:00"]),
  ])
  func clocksThatAreSetNeitherSkipNorDouble(text: String, after: String, times: [String]) throws {
    #expect(try next("\(text) America/New_York", after: "\(after):00Z", times.count) == times)
  }

  @Test func lastMissedTimeIsFound() throws {
    let schedule = try CronSchedule("0 6 1 * * Europe/Paris")
    func last(_ after: String, _ until: String) throws -> String? {
      let (after, until) = (Timestamp(iso: after), Timestamp(iso: until))
      return schedule.last(after: try #require(after), until: try #require(until))?.text
    }
    #expect(try last("2026-01-01T05:00:00Z", "2026-04-20T00:00:00Z") == "2026-04-01T04:00:00Z")
    #expect(try last("2026-04-01T04:00:00Z", "2026-04-20T00:00:00Z") == nil)
    #expect(try last("2026-03-31T00:00:00Z", "2026-04-01T03:59:59Z") == nil)
    #expect(try last("2026-03-31T00:00:00Z", "2026-04-01T04:00:00Z") == "2026-04-01T04:00:00Z")
  }

  /// Each found time is the next one after the time before it.
  @Test(arguments: ["*/7 * * * *", "15 2,14 * * 1", "0 0 1,15 * * Australia/Lord_Howe"])
  func lastAndNextAgree(text: String) throws {
    let schedule = try CronSchedule(text)
    var time = Timestamp(seconds: 1_770_000_000)
    for _ in 0..<200 {
      let next = try #require(schedule.next(after: time))
      #expect(next > time)
      #expect(schedule.last(after: time, until: next) == next)
      #expect(schedule.last(after: time, until: next.adding(seconds: -1)) == nil)
      time = next
    }
  }

  @Test(arguments: [
    ("0 6 * *", "write minute, hour, day, month and weekday"),
    ("60 * * * *", "60 is no minute from 0 to 59"),
    ("* 24 * * *", "24 is no hour"), ("* * 0 * *", "0 is no day of a month"),
    ("* * * 13 *", "13 is no month"), ("* * * * 8", "8 is no day of the week"),
    ("*/0 * * * *", "*/0 is no minute"), ("5-1 * * * *", "5-1 is no minute"),
    ("1,,2 * * * *", "1,,2 is no minute"), ("- * * * *", "- is no minute"),
    ("1/9223372036854775808 * * * *", "is no minute"), ("٣ * * * *", "٣ is no minute"),
    ("0 0 30 2 *", "that day never comes"), ("@reboot", "write minute"), ("", "write minute"),
    ("0 6 * * * Mars/Olympus", "Mars/Olympus is no time zone"),
    ("0 6 * * * EST", "EST is no time zone"),
  ])
  func malformedScheduleIsRefused(text: String, reason: String) {
    let problem = #expect(throws: Problem.self) { try CronSchedule(text) }
    #expect(problem?.description.contains(reason) == true, "\(problem?.description ?? "")")
  }
}
