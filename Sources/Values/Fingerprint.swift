/// A 128-bit FNV-1a digest: identifies equal values, but does not resist an adversary.
///
/// New keys use SHA-256 (`Crypto`). This digest stays in values that an app or a run of an older build
/// already holds, because another digest would make the same thing twice:
/// - Idempotency keys of effects: Chargebee and Togai compare them with those of earlier requests, also
///   across builds, and a request that is under way must keep its key.
/// - `String.shortened(to:)`: ids, references and order numbers sent to an API, which are found by them.
/// - The local part of a long e-mail address in Togai, which must be the same at every attempt.
/// - The effect name of a comment in Chargebee, which the ledger holds and its idempotency key contains.
/// - The effect name of a mail, which stands for its address and shows none.
/// - Look-ups of events and secrets under the keys that builds up to e53855d gave them.
public struct Fingerprint: Sendable, Hashable {
  private let value: UInt128

  /// The digest of bytes.
  public init(of bytes: some Sequence<UInt8>) {
    // The 128-bit prime and offset basis of the FNV specification
    let prime: UInt128 = (1 << 88) + 0x13B
    let basis = UInt128(0x6C62_272E_07BB_0142) << 64 | 0x62B8_2175_6295_C58D
    value = bytes.reduce(basis) { hash, byte in (hash ^ UInt128(byte)) &* prime }
  }

  /// 32 hexadecimal digits.
  public var text: String {
    String(unsafeUninitializedCapacity: 32) { text in
      for index in 0..<32 {
        let digit = UInt8(truncatingIfNeeded: value >> (124 - 4 * index)) & 15
        text.initializeElement(at: index, to: .hexDigit(digit))
      }
      return 32
    }
  }
}
