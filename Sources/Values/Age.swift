/// A length of time as people write it: `30d`, `12h`, `45m` or `10s`.
public enum Age {
  private static let units: [(letter: Character, seconds: Int)] = [
    ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
  ]

  /// The number of seconds; nil if the text is no age of at most a million units.
  public static func seconds(_ text: String) -> Int? {
    guard let unit = units.first(where: { text.last == $0.letter }),
      let count = Int(text.dropLast()), (0...1_000_000).contains(count)
    else { return nil }
    return count * unit.seconds
  }

  /// A number of seconds as an age of one unit, rounded down: 5,400 is `1h`.
  public static func text(_ seconds: Int) -> String {
    let unit = units.first { seconds >= $0.seconds } ?? ("s", 1)
    return "\(max(seconds, 0) / unit.seconds)\(unit.letter)"
  }
}
