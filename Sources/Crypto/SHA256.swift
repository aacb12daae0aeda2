import CCrypto

/// A SHA-256 digest (FIPS 180-4).
public struct SHA256: Sendable, Hashable {
  /// The 32 bytes.
  public let bytes: [UInt8]

  /// The digest of some bytes; nil if libcrypto fails, for lack of memory for instance.
  public init?(of data: some Sequence<UInt8>) {
    let data = Array(data)
    guard let digest = data.withUnsafeBytes({ SHA256(ofAll: $0) }) else { return nil }
    self = digest
  }

  /// The digest of the bytes of a key.
  public init?(of key: KeyBytes) {
    guard let digest = key.withBytes({ SHA256(ofAll: $0) }) else { return nil }
    self = digest
  }

  private init?(ofAll data: UnsafeRawBufferPointer) {
    var bytes = [UInt8](repeating: 0, count: 32)
    guard EVP_Digest(data.baseAddress, data.count, &bytes, nil, EVP_sha256(), nil) == 1 else {
      return nil
    }
    self.bytes = bytes
  }

  /// 64 hexadecimal digits.
  public var text: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
