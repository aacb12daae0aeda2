import Setup
import Values

/// The time of the last sweep of a home, and what is known of a clock that has jumped since.
///
/// | clock | sweep | mark |
/// |---|---|---|
/// | at most a week after the mark, or after what the process ran | removes | the time of the clock |
/// | further ahead, for the first time | removes nothing | begins to count the days run |
/// | still ahead, by what the process ran since | removes nothing, in a week removes | counts on |
/// | elsewhere again | removes nothing | begins to count anew |
/// | before the mark | removes, by the clock | stays |
struct SweepMark: Sendable, Equatable {
  /// The key of the document in the store.
  static let key = StoreKey.sweep.key("last")
  /// The jump that needs no explanation, in seconds: serve was stopped for some days.
  static let allowance = 7 * 86_400.0

  /// The time of the last sweep that removed.
  let at: Timestamp
  /// The time that the clock has shown since it jumped, last.
  private(set) var jump: Timestamp?
  /// The seconds that processes ran since the jump.
  private(set) var ran = 0.0

  /// A mark without a jump.
  init(at: Timestamp) { self.at = at }

  /// Reads the stored mark; nil if it is none.
  init?(_ json: JSON) {
    guard let at = json["at"].time else { return nil }
    self.init(at: at)
    jump = json["jump"].time
    ran = Double(max(json["ran"].int ?? 0, 0))
  }

  /// The mark as it is stored.
  var json: JSON {
    .members([
      "at": .string(at.text), "jump": .text(jump?.text),
      "ran": jump == nil ? nil : .int(Int(min(ran, 1e9))),
    ])
  }

  /// The mark of a sweep, and whether it may remove.
  func advanced(to now: Timestamp, ran seconds: Double) -> (mark: SweepMark, isPlausible: Bool) {
    let seconds = min(max(seconds, 0), 1e9)
    if now <= at { return (self, true) }
    if Self.distance(at, now) <= Self.allowance + seconds { return (SweepMark(at: now), true) }
    var next = self
    next.jump = now
    // The clock goes on as it was after the jump, or serve was stopped for some days again.
    let goesOn = jump.map { abs(Self.distance($0, now)) <= Self.allowance + seconds } ?? false
    next.ran = goesOn ? ran + seconds : 0
    return next.ran >= Self.allowance ? (SweepMark(at: now), true) : (next, false)
  }

  /// Whether nothing is removed at a time, since the clock has jumped.
  func waits(at now: Timestamp) -> Bool {
    jump != nil && Self.distance(at, now) > Self.allowance
  }

  /// Why nothing is removed.
  func words(at now: Timestamp) -> String {
    let days = Int(Self.distance(at, now) / 86_400)
    let left = Int(((Self.allowance - ran) / 86_400).rounded(.up))
    return
      "the clock is \(days) days after the last time that old events were removed: set it right if"
      + " it is wrong; nothing is removed until serve has run with it for \(left) more days"
  }

  private static func distance(_ one: Timestamp, _ other: Timestamp) -> Double {
    Double(other.milliseconds) / 1000 - Double(one.milliseconds) / 1000
  }
}
