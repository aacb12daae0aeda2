import Crypto
import Setup
public import Values

/// Ids in the form of the original product: a prefix, eleven base62 digits, a dot, five more.
public enum Identifier {
  private static let digits = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// An id that sorts by time, and within a millisecond by number, below 62 cubed; it is the same for the
  /// same time, number and name.
  /// - Throws: A `temporary` problem if libcrypto fails.
  public static func make(
    _ prefix: String, at time: Timestamp, number: Int, name: String
  ) throws(Problem) -> String {
    let digest = UInt64(try SHA256.text(of: name.utf8).prefix(12), radix: 16) ?? 0
    let rest = "\(text(UInt64(max(number, 0)), digits: 3)).\(text(digest, digits: 5))"
    return "\(prefix).\(Self.time(time))\(rest)"
  }

  /// A time as eight digits that sort as times do.
  public static func time(_ time: Timestamp) -> String {
    text(UInt64(max(time.milliseconds, 0)), digits: 8)
  }

  /// The time of an identifier that was made of one; nil for another text.
  public static func time(of identifier: String) -> Timestamp? {
    let parts = identifier.split(separator: ".")
    guard parts.count == 3, parts[1].utf8.count == 11 else { return nil }
    var milliseconds = 0
    for digit in parts[1].utf8.prefix(8) {
      guard let value = digits.firstIndex(of: digit) else { return nil }
      milliseconds = milliseconds * 62 + value  // below 62^8, which is far below 2^63
    }
    return Timestamp(milliseconds: milliseconds)
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
