import CCrypto

/// Comparisons whose time does not depend on the compared bytes.
public enum ConstantTime {
  /// Whether two sequences of bytes are equal; the time depends only on their lengths.
  public static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
  }
}
