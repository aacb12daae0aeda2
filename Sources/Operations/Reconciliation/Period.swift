public import Foundation
public import Values

/// A month, a year, or some days in a time zone.
public struct Period: Sendable {
  /// The period as people write it: `2026-10`.
  public let text: String
  /// The time zone in which days begin and end.
  public let zone: TimeZone
  /// The start, inclusive.
  public let from: Timestamp
  /// The end, exclusive.
  public let until: Timestamp

  /// Reads `2026-10`, `2026`, or `2026-10-01..2026-10-15` with both days included.
  ///
  /// - Throws: A `usage` problem for any other text.
  public init(_ text: String, in zone: TimeZone) throws(Problem) {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let ends = text.components(separatedBy: "..")
    guard let first = Self.days(ends[0], calendar), ends.count <= 2,
      let last = ends.count == 2 ? Self.days(ends[1], calendar) : first, first.start < last.end
    else {
      throw Problem(
        .usage, "\"\(text)\" is no period; write 2026-10, 2026 or 2026-10-01..2026-10-15")
    }
    self.text = text
    self.zone = zone
    from = Timestamp(seconds: Int(first.start.timeIntervalSince1970))
    until = Timestamp(seconds: Int(last.end.timeIntervalSince1970))
  }

  /// The name of the zone; Foundation calls UTC another name.
  public var zoneName: String { zone.identifier == "GMT" ? "UTC" : zone.identifier }

  /// The month of a time.
  public init(monthOf time: Timestamp, in zone: TimeZone) throws(Problem) {
    try self.init(Self.month(of: time, in: zone), in: zone)
  }

  /// The month of a time, such as `2026-10`.
  static func month(of time: Timestamp, in zone: TimeZone) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let parts = calendar.dateComponents(
      [.year, .month], from: Date(timeIntervalSince1970: Double(time.seconds)))
    let month = parts.month ?? 1
    return "\(parts.year ?? 1970)-\(month < 10 ? "0" : "")\(month)"
  }

  /// Whether it has a time.
  func contains(_ time: Timestamp) -> Bool { from <= time && time < until }

  private static func days(_ text: String, _ calendar: Calendar) -> DateInterval? {
    let words = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    let numbers = words.compactMap { Int($0) }
    guard numbers.count == words.count, (1...3).contains(words.count), words[0].count == 4,
      words.dropFirst().allSatisfy({ $0.count == 2 })
    else { return nil }
    var parts = DateComponents(year: numbers[0], month: 1, day: 1)
    if numbers.count > 1 { parts.month = numbers[1] }
    if numbers.count > 2 { parts.day = numbers[2] }
    guard parts.isValidDate(in: calendar), let date = calendar.date(from: parts) else { return nil }
    let unit: Calendar.Component = numbers.count == 1 ? .year : numbers.count == 2 ? .month : .day
    return calendar.dateInterval(of: unit, for: date)
  }
}
