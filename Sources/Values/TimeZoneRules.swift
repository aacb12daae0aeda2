/// A fixed offset from UTC, in which an app counts its dates.
public struct UTCOffset: Sendable {
  /// Minutes east of Greenwich.
  public let minutes: Int

  /// UTC.
  public init() { minutes = 0 }

  /// Reads an offset such as `+05:30`, from -14:59 to +14:59; nil if it is not one.
  public init?(_ text: String) {
    let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
    guard let sign = text.first, sign == "+" || sign == "-", parts.count == 2,
      parts.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isASCII) }),
      let hours = UInt(parts[0]), let rest = UInt(parts[1]), hours <= 14, rest < 60
    else { return nil }
    minutes = Int(hours * 60 + rest) * (sign == "-" ? -1 : 1)
  }

  /// The date of a time, such as `2026-01-31`.
  public func date(_ time: Timestamp) -> String { time.date(offset: minutes) }
}
