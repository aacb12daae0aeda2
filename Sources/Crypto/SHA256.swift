import CCrypto

/// The SHA-256 digest of some bytes: proves that two files are one.
public struct SHA256: Sendable, Hashable {
  /// The 32 bytes.
  public let bytes: [UInt8]

  /// The digest of some bytes; nil where libcrypto refuses, as it does without memory.
  public init?(of data: some Sequence<UInt8>) {
    let data = Array(data)
    var bytes = [UInt8](repeating: 0, count: 32)
    let isGood = data.withUnsafeBytes {
      EVP_Digest($0.baseAddress, $0.count, &bytes, nil, EVP_sha256(), nil) == 1
    }
    guard isGood else { return nil }
    self.bytes = bytes
  }

  /// 64 hexadecimal digits.
  public var text: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
