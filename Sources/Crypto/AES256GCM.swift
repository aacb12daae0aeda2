import CCrypto

/// Authenticated encryption: AES-256 in Galois/Counter Mode (NIST SP 800-38D).
public struct AES256GCM: Sendable {
  /// The size of a key in bytes.
  public static let keySize = 32
  /// The size of a nonce in bytes; a nonce must never be used twice with one key.
  public static let nonceSize = 12
  private static let tagSize = 16

  private let key: KeyBytes

  /// Creates the cipher of a key; nil if the key does not have 32 bytes.
  public init?(key: KeyBytes) {
    guard key.count == Self.keySize else { return nil }
    self.key = key
  }

  /// Creates the cipher of a copy of a key; nil if the key does not have 32 bytes.
  public init?(key: [UInt8]) { self.init(key: KeyBytes(copying: key)) }

  /// Encrypts bytes and appends a tag that reveals a change.
  ///
  /// The `bound` bytes are not included, but must be the same to open the result. Returns nil if libcrypto
  /// fails, for lack of memory for instance.
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

  /// Decrypts sealed bytes; nil if they, the key, the nonce or the bound bytes were changed.
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
    let isReady = key.withBytes { key in
      EVP_CipherInit_ex(
        context, EVP_aes_256_gcm(), nil, key.bindMemory(to: UInt8.self).baseAddress, nonce,
        encrypts ? 1 : 0) == 1
    }
    guard isReady else { return nil }
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
