import Crypto
import Setup
import Values

/// A secret that is made at random and given to one person or program: 256 bits as 64 hexadecimal digits.
///
/// The store has its SHA-256 digest only, from which it cannot be found.
struct RandomToken {
  /// The token.
  let text: String

  /// Makes a token.
  init() {
    text = Self.bytes(32).map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
  }

  /// Reads a token that was given back; nil if it does not look like one.
  init?(_ text: String) {
    guard text.utf8.count == 64, text.utf8.allSatisfy({ $0.hexValue != nil }) else { return nil }
    self.text = text
  }

  /// The digest under which it is stored.
  func digest() throws(Problem) -> String { try SHA256.text(of: text.utf8) }

  /// Random bytes.
  static func bytes(_ count: Int) -> [UInt8] {
    var random = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
  }
}
