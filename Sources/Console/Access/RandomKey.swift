/// The random value of a cookie.
enum RandomKey {
  /// 256 bits as 64 hexadecimal digits.
  static func make() -> String {
    var random = SystemRandomNumberGenerator()
    return (0..<32).map { _ in
      String(UInt16(UInt8.random(in: 0...255, using: &random)) + 0x100, radix: 16).dropFirst()
    }.joined()
  }
}
