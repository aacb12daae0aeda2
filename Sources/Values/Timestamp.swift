/// A time in whole milliseconds, in the proleptic Gregorian calendar and UTC.
///
/// It is in the years 0 to 9999, so that a number in a hostile document cannot overflow arithmetic.
/// Foundation's calendars read time zone files, which a step in an empty image does not have.
public struct Timestamp: Sendable, Hashable, Comparable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let milliseconds: Int

  private static let range = -62_167_219_200_000...253_402_300_799_999

  /// A time in milliseconds since the epoch, clamped to the years 0 to 9999.
  public init(milliseconds: Int) {
    self.milliseconds = min(max(milliseconds, Self.range.lowerBound), Self.range.upperBound)
  }

  /// A time in seconds since the epoch, clamped to the years 0 to 9999.
  public init(seconds: Int) {
    let (product, isTooLarge) = seconds.multipliedReportingOverflow(by: 1000)
    self.init(milliseconds: isTooLarge ? (seconds < 0 ? .min : .max) : product)
  }

  /// Whole seconds since the epoch, rounded down.
  public var seconds: Int { Self.floor(milliseconds, 1000) }

  /// Reads an ISO 8601 date, or date and time; nil if it is not one.
  ///
  /// The time may have a fraction of a second, and `Z`, an offset, or no zone, which means UTC: the
  /// examples of Togai's API have both.
  public init?(iso text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 10, let day = Self.day(bytes[..<10]) else { return nil }
    var time = 0
    if bytes.count > 10 {
      guard bytes[10] == UInt8(ascii: "T") || bytes[10] == 0x20,
        let parsed = Self.time(bytes[11...])
      else { return nil }
      time = parsed
    }
    self.init(milliseconds: day * 86_400_000 + time)
  }

  /// The time as `2026-01-31T09:30:00Z`, with milliseconds unless they are 0.
  public var text: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(24)
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Writes the bytes of ``text``.
  func write(to bytes: inout [UInt8]) {
    let days = Self.floor(milliseconds, 86_400_000)
    let inDay = milliseconds - days * 86_400_000
    let seconds = inDay / 1000
    Self.writeDate(days, "T", to: &bytes)
    Self.write(seconds / 3600, 2, ":", to: &bytes)
    Self.write(seconds / 60 % 60, 2, ":", to: &bytes)
    let thousandths = inDay % 1000
    Self.write(seconds % 60, 2, thousandths == 0 ? "Z" : ".", to: &bytes)
    if thousandths > 0 { Self.write(thousandths, 3, "Z", to: &bytes) }
  }

  /// The date, such as `2026-01-31`, at an offset from UTC in minutes; within a day of UTC's.
  public func date(offset minutes: Int = 0) -> String {
    let minutes = min(max(minutes, -1440), 1440)
    let days = Self.floor(milliseconds + minutes * 60_000, 86_400_000)
    var bytes: [UInt8] = []
    Self.writeDate(days, "", to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The time a number of seconds later, clamped to the years 0 to 9999.
  public func adding(seconds: Int) -> Timestamp {
    Timestamp(milliseconds: milliseconds + Timestamp(seconds: seconds).milliseconds)
  }

  /// Whether one time is before the other.
  public static func < (one: Timestamp, other: Timestamp) -> Bool {
    one.milliseconds < other.milliseconds
  }
}

// MARK: - Reading

extension Timestamp {
  private static func day(_ bytes: ArraySlice<UInt8>) -> Int? {
    var rest = bytes
    guard let year = take(4, from: &rest), takes("-", from: &rest),
      let month = take(2, from: &rest), takes("-", from: &rest), let day = take(2, from: &rest),
      rest.isEmpty, (1...12).contains(month), (1...length(ofMonth: month, year)).contains(day)
    else { return nil }
    return days(year, month, day)
  }

  private static func length(ofMonth month: Int, _ year: Int) -> Int {
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  /// The milliseconds of `09:30:00.123+02:00` since the start of the day in UTC.
  private static func time(_ bytes: ArraySlice<UInt8>) -> Int? {
    var rest = bytes
    guard let hour = take(2, from: &rest), hour < 24, takes(":", from: &rest),
      let minute = take(2, from: &rest), minute < 60,
      let second = takes(":", from: &rest) ? take(2, from: &rest) : 0, second < 61,
      let fraction = takes(".", from: &rest) ? thousandths(from: &rest) : 0,
      let offset = offset(rest)
    else { return nil }
    return ((hour * 60 + minute) * 60 + second) * 1000 + fraction - offset
  }

  /// Takes a fraction of one to nine digits.
  private static func thousandths(from rest: inout ArraySlice<UInt8>) -> Int? {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    guard (1...9).contains(digits.count) else { return nil }
    rest = rest.dropFirst(digits.count)
    let first = digits.prefix(3)
    return number(first).map { $0 * [100, 10, 1][first.count - 1] }
  }

  private static func offset(_ zone: ArraySlice<UInt8>) -> Int? {
    guard let sign = zone.first else { return 0 }
    if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return zone.count == 1 ? 0 : nil }
    let digits = zone.dropFirst().filter { $0 != UInt8(ascii: ":") }
    guard digits.count == 4, let hour = number(digits[..<2]), let minute = number(digits[2...]),
      hour <= 18, minute < 60
    else { return nil }
    return (hour * 60 + minute) * (sign == UInt8(ascii: "-") ? -60_000 : 60_000)
  }

  /// Takes a number of so many digits.
  private static func take(_ count: Int, from rest: inout ArraySlice<UInt8>) -> Int? {
    guard rest.count >= count, let number = number(rest.prefix(count)) else { return nil }
    rest = rest.dropFirst(count)
    return number
  }

  private static func takes(_ sign: Unicode.Scalar, from rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == UInt8(ascii: sign) else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// The number of a few digits.
  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var number = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      number = 10 * number + Int(digit - 0x30)
    }
    return number
  }
}

// MARK: - Calendar

extension Timestamp {
  /// The days since the epoch; the year is counted from March, so that the leap day is its last.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = floor(year, 400)
    let inEra = year - era * 400
    let inYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + inEra * 365 + inEra / 4 - inEra / 100 + inYear - 719_468
  }

  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = floor(shifted, 146_097)
    let inEra = shifted - era * 146_097
    let year = (inEra - inEra / 1460 + inEra / 36_524 - inEra / 146_096) / 365
    let inYear = inEra - (365 * year + year / 4 - year / 100)
    let shiftedMonth = (5 * inYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let day = inYear - (153 * shiftedMonth + 2) / 5 + 1
    return (year + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func floor(_ value: Int, _ unit: Int) -> Int {
    value >= 0 ? value / unit : -((unit - 1 - value) / unit)
  }

  /// Writes the date of a day since the epoch, and the text after it.
  private static func writeDate(_ days: Int, _ after: StaticString, to bytes: inout [UInt8]) {
    let (year, month, day) = civil(days)
    write(year, 4, "-", to: &bytes)
    write(month, 2, "-", to: &bytes)
    write(day, 2, after, to: &bytes)
  }

  /// Writes a number with 2 to 4 digits, and the text after it.
  private static func write(
    _ number: Int, _ digits: Int, _ after: StaticString, to bytes: inout [UInt8]
  ) {
    if digits > 3 { bytes.append(UInt8(ascii: "0") + UInt8(number / 1000 % 10)) }
    if digits > 2 { bytes.append(UInt8(ascii: "0") + UInt8(number / 100 % 10)) }
    bytes.append(UInt8(ascii: "0") + UInt8(number / 10 % 10))
    bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
    after.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }
}
