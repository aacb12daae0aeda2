import Crypto
import Setup
public import Values

/// Ids in the form that the apps use: a prefix, a dot, eleven base62 digits, a dot, five more.
public enum Identifier {
  private static let digits = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// An id that sorts by time, and is the same for the same time and name.
  /// - Throws: A `temporary` problem if libcrypto fails.
  public static func make(
    _ prefix: String, at time: Timestamp, name: String
  ) throws(Problem) -> String {
    let digest = UInt64(try SHA256.text(of: name.utf8).prefix(12), radix: 16) ?? 0
    let rest = text(digest, digits: 8)
    return "\(prefix).\(Self.time(time))\(rest.prefix(3)).\(rest.suffix(5))"
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
