import Foundation
public import Values

extension TimeZoneRules {
  /// Whether a name is that of a time zone, such as `Europe/Paris`; abbreviations are not.
  static func isKnown(_ name: String) -> Bool {
    (name == "UTC" || name.contains("/")) && TimeZone(identifier: name) != nil
  }

  /// The rules of a time zone from 15 years before a time's year to 10 years after it; nil if the name
  /// is not known.
  public init?(of name: String, around time: Timestamp) {
    guard Self.isKnown(name), let zone = TimeZone(identifier: name),
      let year = Int(time.date().prefix(4)),
      let start = Timestamp(iso: "\(max(year - 15, 1900))-01-01"),
      let end = Timestamp(iso: "\(min(year + 11, 9999))-01-01")
    else { return nil }
    func offset(at date: Date) -> Offset {
      Offset(
        from: Int(date.timeIntervalSince1970.rounded(.up)),
        minutes: zone.secondsFromGMT(for: date) / 60)
    }
    var date = Date(timeIntervalSince1970: Double(start.seconds))
    var offsets = [offset(at: date)]
    while let next = zone.nextDaylightSavingTimeTransition(after: date), next > date,
      next.timeIntervalSince1970 < Double(end.seconds)
    {
      let found = offset(at: next)
      if offsets.last?.minutes != found.minutes { offsets.append(found) }
      date = next
    }
    self.init(name: name, offsets)
  }
}
