import Values

extension Timestamp {
  /// The time `count` days, weeks, months or years later.
  ///
  /// A day that the resulting month lacks becomes the last day of that month.
  func later(_ count: Int, _ unit: String) -> Timestamp {
    switch unit {
    case "day": return adding(seconds: count * 86_400)
    case "week": return adding(seconds: count * 7 * 86_400)
    default: break
    }
    let parts = date().split(separator: "-").compactMap { Int($0) }
    let months = parts[0] * 12 + parts[1] - 1 + (unit == "year" ? count * 12 : count)
    let clock = text.dropFirst(10)
    for day in (1...parts[2]).reversed() {
      let text = [months / 12, months % 12 + 1, day].map { ($0 < 10 ? "0" : "") + String($0) }
      if let later = Timestamp(iso: text.joined(separator: "-") + clock) { return later }
    }
    return self
  }
}
