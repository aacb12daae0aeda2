import CCrypto

/// The message authentication code HMAC with SHA-256 (RFC 2104).
public enum HMACSHA256 {
  /// The 32 bytes of the code; nil if libcrypto fails, for lack of memory for instance.
  public static func code(of data: [UInt8], key: [UInt8]) -> [UInt8]? {
    var code = [UInt8](repeating: 0, count: 32)
    var size: UInt32 = 0
    let isGood =
      HMAC(EVP_sha256(), key, Int32(clamping: key.count), data, data.count, &code, &size) != nil
    return isGood && size == 32 ? code : nil
  }
}
