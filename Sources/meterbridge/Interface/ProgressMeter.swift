import Foundation

/// The progress of long work, on a terminal: how much is done, how fast, and how long it takes yet.
final class ProgressMeter {
  /// What is counted.
  enum Unit: Equatable {
    /// Things, such as `events`.
    case things(String)
    /// Bytes, which are shown in KiB or MiB.
    case bytes
  }

  private let unit: Unit
  /// How much there is, as far as it is known.
  private let total: Int?
  private let start = ContinuousClock.now
  private var done = 0

  /// The time before which a rate says nothing, in seconds.
  private static let minimum = 1.0

  /// Begins to measure.
  init(_ unit: Unit, of total: Int? = nil) {
    self.unit = unit
    self.total = total
  }

  /// Adds what is done, and shows the progress.
  func add(_ count: Int = 1) {
    done += count
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    Progress.show(Self.text(done, of: total, unit, after: seconds))
  }

  /// The progress after a time, such as `1200 of 5000 events, 400/s, 10s to go`.
  static func text(_ done: Int, of total: Int?, _ unit: Unit, after seconds: Double) -> String {
    let scale = Scale(unit, upTo: max(total ?? 0, done))
    let most = total.map { " of \(scale.whole(max($0, done)))" } ?? ""
    let text = "\(scale.whole(done))\(most) \(scale.name)"
    let rate = Double(done) / max(seconds, minimum)
    guard seconds >= minimum, rate > 0 else { return text }
    let speed = "\(text), \(scale.rate(rate))/s"
    guard let total, total > done else { return speed }
    return "\(speed), \(time(Double(total - done) / rate)) to go"
  }

  /// The size of what is shown as one: a thing, a KiB or a MiB.
  private struct Scale {
    let size: Int
    let name: String

    init(_ unit: Unit, upTo most: Int) {
      switch unit {
      case .things(let name): (size, self.name) = (1, name)
      case .bytes: (size, name) = most < 10 << 20 ? (1 << 10, "KiB") : (1 << 20, "MiB")
      }
    }

    func whole(_ count: Int) -> String { "\(count / size)" }

    func rate(_ rate: Double) -> String {
      let rate = rate / Double(size)
      return rate < 10 ? String(format: "%.1f", rate) : "\(Int(min(rate, 1e12)))"
    }
  }

  /// Seconds as a person reads them: `45s`, `3m 20s`, `2h 5m`.
  private static func time(_ seconds: Double) -> String {
    let seconds = Int(min(seconds.rounded(.up), 1e9))
    if seconds < 60 { return "\(seconds)s" }
    return seconds < 3600
      ? "\(seconds / 60)m \(seconds % 60)s" : "\(seconds / 3600)h \(seconds % 3600 / 60)m"
  }
}
