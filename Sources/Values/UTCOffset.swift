/// The time zone in which an app counts its dates.
public struct UTCOffset: Sendable {
  /// Minutes east of Greenwich.
  public let minutes: Int

  /// Reads a setting such as `+05:30`; without one it is UTC.
  public init(_ setting: JSON) throws(Failure) {
    guard let text = setting.nonBlank else {
      minutes = 0
      return
    }
    let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
    guard let sign = text.first, sign == "+" || sign == "-", parts.count == 2,
      parts.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isASCII) }),
      let hours = UInt(parts[0]), let rest = UInt(parts[1]), hours <= 14, rest < 60
    else {
      throw .permanent(
        "the connection's utcOffset \"\(text.truncated(to: 20))\" is none: write it as +05:30")
    }
    minutes = Int(hours * 60 + rest) * (sign == "-" ? -1 : 1)
  }

  /// The date of a moment.
  public func date(_ time: Timestamp) -> String { time.date(offset: minutes) }
}
