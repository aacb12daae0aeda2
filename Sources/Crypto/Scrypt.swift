import CCrypto

/// The password-based key derivation function scrypt (RFC 7914).
public enum Scrypt {
  /// The cost of a derivation, which needs 128 · 2^`logN` · `r` bytes of memory.
  public struct Cost: Sendable, Equatable {
    /// The binary logarithm of the number of rounds, from 1 to 20.
    public let logN: Int
    /// The block size, from 1 to 32.
    public let r: Int
    /// The parallelism, from 1 to 16.
    public let p: Int

    /// A cost; nil if a number is outside its range.
    public init?(logN: Int, r: Int, p: Int) {
      guard (1...20).contains(logN), (1...32).contains(r), (1...16).contains(p) else { return nil }
      (self.logN, self.r, self.p) = (logN, r, p)
    }

    private init() { (logN, r, p) = (15, 8, 3) }

    /// The cost that OWASP's cheat sheet of password storage names: 2^15 rounds, 32 MiB, parallelism 3.
    public static let standard = Cost()
  }

  /// The key of a password, of `count` bytes; nil if libcrypto fails, for lack of memory for instance.
  public static func key(
    of password: [UInt8], salt: [UInt8], cost: Cost = .standard, count: Int = 32
  ) -> [UInt8]? {
    var key = [UInt8](repeating: 0, count: count)
    let isGood = password.withUnsafeBufferPointer { password in
      password.withMemoryRebound(to: CChar.self) { password in
        // The memory that the cost needs, and some more
        EVP_PBE_scrypt(
          password.baseAddress, password.count, salt, salt.count, UInt64(1) << UInt64(cost.logN),
          UInt64(cost.r), UInt64(cost.p), 1 << 31, &key, key.count) == 1
      }
    }
    return isGood ? key : nil
  }
}
