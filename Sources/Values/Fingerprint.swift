/// A 128-bit FNV-1a digest: names things that are the same, proves nothing to an adversary.
public struct Fingerprint: Sendable, Hashable {
  private let value: UInt128

  /// The digest of some bytes.
  public init(of bytes: some Sequence<UInt8>) {
    // Offset basis and prime of the FNV specification, 128 bits.
    let prime: UInt128 = (1 << 88) + 0x13B
    let basis = UInt128(0x6C62_272E_07BB_0142) << 64 | 0x62B8_2175_6295_C58D
    value = bytes.reduce(basis) { hash, byte in (hash ^ UInt128(byte)) &* prime }
  }

  /// 32 hexadecimal digits.
  public var text: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(unsafeUninitializedCapacity: 32) { text in
      for place in 0..<32 {
        text.initializeElement(
          at: place, to: digits[Int(truncatingIfNeeded: value >> (124 - 4 * place)) & 15])
      }
      return 32
    }
  }
}
