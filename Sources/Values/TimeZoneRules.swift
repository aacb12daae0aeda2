/// A time zone: its offsets from UTC over a span of years.
///
/// A step has no time zone files, so the dispatcher sends it the offsets. Times before the span have
/// its first offset, times after it the last one.
public struct TimeZoneRules: Sendable, Equatable {
  /// An offset, and the time from which it holds.
  public struct Offset: Sendable, Equatable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let from: Int
    /// Minutes east of Greenwich.
    public let minutes: Int

    /// An offset from a time on.
    public init(from: Int, minutes: Int) {
      self.from = from
      self.minutes = minutes
    }
  }

  /// The IANA name, such as `America/New_York`; nil for a fixed offset.
  public let name: String?
  private let offsets: [Offset]

  /// A zone with offsets in the order of time.
  public init(name: String, _ offsets: [Offset]) {
    self.name = name
    self.offsets = offsets
  }

  /// A fixed offset in minutes; UTC without one.
  public init(minutes: Int = 0) {
    name = nil
    offsets = [Offset(from: 0, minutes: minutes)]
  }

  /// Reads a fixed offset such as `+05:30`, from -14:59 to +14:59; nil if it is not one.
  public init?(offset text: String) {
    let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
    guard let sign = text.first, sign == "+" || sign == "-", parts.count == 2,
      parts.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isASCII) }),
      let hours = UInt(parts[0]), let rest = UInt(parts[1]), hours <= 14, rest < 60
    else { return nil }
    self.init(minutes: Int(hours * 60 + rest) * (sign == "-" ? -1 : 1))
  }

  /// Reads the form of ``json``; nil if it is not one.
  public init?(json: JSON) {
    guard let name = json["name"].nonBlank, let pairs = json["offsets"].array, !pairs.isEmpty else {
      return nil
    }
    let offsets = pairs.compactMap { pair -> Offset? in
      guard let from = pair.items.first?.int, let minutes = pair.items.last?.int,
        (-1440...1440).contains(minutes)
      else { return nil }
      return Offset(from: from, minutes: minutes)
    }
    guard offsets.count == pairs.count,
      zip(offsets, offsets.dropFirst()).allSatisfy({ one, next in
        one.from < next.from
      })
    else { return nil }
    self.init(name: name, offsets)
  }

  /// `{"name": "America/New_York", "offsets": [[1762063200, -300], …]}`: seconds and minutes.
  public var json: JSON {
    .members([
      "name": .text(name),
      "offsets": .array(
        offsets.map { [.number(Numeral($0.from)), .number(Numeral($0.minutes))] }),
    ])
  }

  /// Whether another zone has the same offsets at all times.
  public func hasOffsets(of other: TimeZoneRules) -> Bool { offsets == other.offsets }

  /// The offset at a time, in minutes.
  public func minutes(at time: Timestamp) -> Int {
    (offsets.last { $0.from <= time.seconds } ?? offsets.first)?.minutes ?? 0
  }

  /// The date of a time, such as `2026-01-31`.
  public func date(_ time: Timestamp) -> String { time.date(offset: minutes(at: time)) }

  /// Whether the date of a time is in doubt, since a fixed offset knows no summer time: an hour more makes
  /// it a midnight, with which the next day begins.
  public func isDoubtful(_ time: Timestamp) -> Bool {
    name == nil
      && (time.milliseconds / 1000 + 60 * minutes(at: time) + 3600).isMultiple(of: 86_400)
  }

  /// The text for a person on a date in doubt.
  public func doubt(_ time: Timestamp) -> String {
    "the date may be \(date(time)) or, with an hour of summer time, the day after: set timeZone of the"
      + " connection in place of a fixed offset"
  }

  /// The first moment of a date such as `2026-01-31`; nil if it is not a date.
  ///
  /// Clocks are set forward at midnight in some zones: the day then begins an hour later.
  public func start(of date: String) -> Timestamp? {
    guard date.utf8.count == 10, let midnight = Timestamp(iso: date) else { return nil }
    func time(_ minutes: Int) -> Timestamp { midnight.adding(seconds: -60 * minutes) }
    let before = minutes(at: midnight.adding(seconds: -86_400))
    let after = minutes(at: midnight.adding(seconds: 86_400))
    let isBefore = minutes(at: time(before)) == before || self.date(time(after)) != date
    return time(isBefore ? before : after)
  }
}

// MARK: - Local times

extension TimeZoneRules {
  /// The moments at which clocks show a local time, given as if it were UTC: one, or both where clocks are set
  /// back; where they are set forward past it, the moment when they are.
  public func times(ofLocal time: Timestamp) -> [Timestamp] {
    func moment(_ minutes: Int) -> Timestamp { time.adding(seconds: -60 * minutes) }
    let before = minutes(at: time.adding(seconds: -86_400))
    let after = minutes(at: time.adding(seconds: 86_400))
    let found = (before == after ? [before] : [before, after]).filter {
      minutes(at: moment($0)) == $0
    }
    guard found.isEmpty else { return found.map(moment) }
    let (early, late) = (moment(after).seconds, moment(before).seconds)
    return offsets.first { early < $0.from && $0.from <= late }.map {
      [Timestamp(seconds: $0.from)]
    } ?? [moment(before)]
  }
}
