public import Crypto
public import Values

extension SHA256 {
  /// The SHA-256 digest of bytes as 64 hexadecimal digits.
  /// - Throws: A `temporary` problem if libcrypto fails, for lack of memory for instance.
  public static func text(of bytes: some Sequence<UInt8>) throws(Problem) -> String {
    guard let digest = SHA256(of: bytes) else {
      throw Problem(.temporary, "cannot compute a SHA-256 digest: libcrypto failed")
    }
    return digest.text
  }
}
