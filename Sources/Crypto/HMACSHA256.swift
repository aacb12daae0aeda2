import CCrypto

/// A code that only who has the key can make for some bytes: HMAC with SHA-256.
public enum HMACSHA256 {
  /// The 32 bytes of the code; nil where libcrypto refuses, as it does without memory.
  public static func code(of data: [UInt8], key: [UInt8]) -> [UInt8]? {
    var code = [UInt8](repeating: 0, count: 32)
    var size: UInt32 = 0
    let isGood =
      HMAC(EVP_sha256(), key, Int32(clamping: key.count), data, data.count, &code, &size) != nil
    return isGood && size == 32 ? code : nil
  }
}
