import CCrypto

/// The message authentication code HMAC with SHA-256 (RFC 2104).
public enum HMACSHA256 {
  /// The 32 bytes of the code; nil if libcrypto fails, for lack of memory for instance.
  public static func code(of data: [UInt8], key: [UInt8]) -> [UInt8]? {
    var code = [UInt8](repeating: 0, count: 32)
    let isGood = code.withUnsafeMutableBytes { code in
      key.withUnsafeBytes { write(of: data, key: $0, to: code) }
    }
    return isGood ? code : nil
  }

  /// The same of a key that is wiped after use, as one.
  public static func code(of data: [UInt8], key: KeyBytes) -> KeyBytes? {
    var isGood = false
    let code = KeyBytes(count: 32) { code in
      isGood = key.withBytes { write(of: data, key: $0, to: code) }
    }
    return isGood ? code : nil
  }

  private static func write(
    of data: [UInt8], key: UnsafeRawBufferPointer, to code: UnsafeMutableRawBufferPointer
  ) -> Bool {
    var size: UInt32 = 0
    let made = HMAC(
      EVP_sha256(), key.baseAddress, Int32(clamping: key.count), data, data.count,
      code.bindMemory(to: UInt8.self).baseAddress, &size)
    return made != nil && size == 32
  }
}
