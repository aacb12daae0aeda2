import CCrypto

/// Encryption that nobody can read or change without the key: AES-256 in Galois/Counter Mode.
public struct AES256GCM: Sendable {
  /// Bytes of a key.
  public static let keySize = 32
  /// Bytes of a nonce, which must never be used twice with one key.
  public static let nonceSize = 12
  private static let tagSize = 16

  private let key: [UInt8]

  /// The cipher of a key; nil where the key is not of 32 bytes.
  public init?(key: [UInt8]) {
    guard key.count == Self.keySize else { return nil }
    self.key = key
  }

  /// The bytes encrypted, with the tag that shows a change.
  ///
  /// The `bound` bytes are not in it, but must be the same to open it. Nil where libcrypto refuses, as
  /// it does without memory.
  public func seal(_ bytes: [UInt8], nonce: [UInt8], bound: [UInt8]) -> [UInt8]? {
    run(nonce, encrypts: true) { context in
      guard update(context, nil, bound), var sealed = updated(context, bytes) else { return nil }
      var tag = [UInt8](repeating: 0, count: Self.tagSize)
      guard finish(context),
        EVP_CIPHER_CTX_ctrl(context, Int32(METERBRIDGE_GCM_GET_TAG), 16, &tag) == 1
      else { return nil }
      sealed += tag
      return sealed
    }
  }

  /// What was sealed; nil where the key, the nonce, the bound bytes or a bit of it are others.
  public func open(_ sealed: [UInt8], nonce: [UInt8], bound: [UInt8]) -> [UInt8]? {
    guard sealed.count >= Self.tagSize else { return nil }
    return run(nonce, encrypts: false) { context in
      guard update(context, nil, bound),
        let bytes = updated(context, Array(sealed.dropLast(Self.tagSize)))
      else { return nil }
      var tag = Array(sealed.suffix(Self.tagSize))
      guard EVP_CIPHER_CTX_ctrl(context, Int32(METERBRIDGE_GCM_SET_TAG), 16, &tag) == 1,
        finish(context)
      else { return nil }
      return bytes
    }
  }

  // MARK: Private

  private func run(
    _ nonce: [UInt8], encrypts: Bool, _ body: (OpaquePointer) -> [UInt8]?
  ) -> [UInt8]? {
    guard nonce.count == Self.nonceSize, let context = EVP_CIPHER_CTX_new() else { return nil }
    defer { EVP_CIPHER_CTX_free(context) }
    guard EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce, encrypts ? 1 : 0) == 1
    else { return nil }
    return body(context)
  }

  private func update(
    _ context: OpaquePointer, _ out: UnsafeMutablePointer<UInt8>?, _ bytes: [UInt8]
  ) -> Bool {
    var count: Int32 = 0
    return bytes.isEmpty
      || EVP_CipherUpdate(context, out, &count, bytes, Int32(clamping: bytes.count)) == 1
  }

  private func updated(_ context: OpaquePointer, _ bytes: [UInt8]) -> [UInt8]? {
    var out = [UInt8](repeating: 0, count: bytes.count)
    let isGood = out.withUnsafeMutableBufferPointer { update(context, $0.baseAddress, bytes) }
    return isGood ? out : nil
  }

  private func finish(_ context: OpaquePointer) -> Bool {
    var rest = [UInt8](repeating: 0, count: Self.tagSize)
    var count: Int32 = 0
    return EVP_CipherFinal_ex(context, &rest, &count) == 1
  }
}
