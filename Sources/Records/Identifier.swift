public import Values

/// Ids in the form of the original's: a prefix, eleven base62 digits, a dot, five more.
public enum Identifier {
  private static let digits = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// An id that sorts by time, then by the order up to 61, and is the same for the same arguments.
  public static func make(
    _ prefix: String, at: Timestamp, name: String, order: Int = 0
  ) -> String {
    let name = Fingerprint(of: name.utf8).text
    let rest = text(UInt64(name.prefix(12), radix: 16) ?? 0, digits: 8)
    let order = text(UInt64(min(order, 61)), digits: 1)
    return "\(prefix).\(time(at))\(order)\(rest.dropFirst().prefix(2)).\(rest.suffix(5))"
  }

  /// A time as eight digits that sort as times do.
  public static func time(_ time: Timestamp) -> String {
    text(UInt64(max(time.milliseconds, 0)), digits: 8)
  }

  private static func text(_ number: UInt64, digits count: Int) -> String {
    var number = number
    var text: [UInt8] = []
    for _ in 0..<count {
      text.append(digits[Int(number % 62)])
      number /= 62
    }
    return String(decoding: text.reversed(), as: UTF8.self)
  }
}
