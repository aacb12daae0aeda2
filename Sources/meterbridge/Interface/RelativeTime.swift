/// A length of time such as `30d`, `12h`, `45m` or `10s`.
enum RelativeTime {
  /// The seconds; nil for any other text.
  static func seconds(_ text: String) -> Int? {
    let units: [Character: Int] = ["d": 86_400, "h": 3600, "m": 60, "s": 1]
    guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
      (0...1_000_000).contains(count)
    else { return nil }
    return count * unit
  }
}
