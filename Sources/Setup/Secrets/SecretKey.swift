import Crypto
import Foundation
import Store

/// A key that seals secrets.
struct SecretKey: Sendable {
  private static let mark = "mb1"
  /// What every sealed secret begins with.
  static let sealMark = mark + "."

  private let bytes: [UInt8]
  private let cipher: AES256GCM
  /// Identifies the key: twelve digits of its digest, which reveal nothing about it.
  let id: String

  private init?(bytes: [UInt8]) {
    guard let cipher = AES256GCM(key: bytes),
      let digest = SHA256(of: Array("meterbridge key ".utf8) + bytes)
    else { return nil }
    self.bytes = bytes
    self.cipher = cipher
    id = String(digest.text.prefix(12))
  }

  /// Creates a random key.
  static func make() throws(StoreError) -> SecretKey {
    var random = SystemRandomNumberGenerator()
    let bytes = (0..<AES256GCM.keySize).map { _ in UInt8.random(in: 0...255, using: &random) }
    guard let key = SecretKey(bytes: bytes) else { throw refused }
    return key
  }

  /// Reads the content of a key file: 64 hexadecimal digits.
  init?(text: String) {
    let digits = Array(text.utf8.filter { !" \n\r\t".utf8.contains($0) })
    guard digits.count == 2 * AES256GCM.keySize else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      let pair = String(decoding: digits[index...index + 1], as: UTF8.self)
      guard let byte = UInt8(pair, radix: 16), !pair.contains("+") else { return nil }
      bytes.append(byte)
    }
    self.init(bytes: bytes)
  }

  /// The content of the key file.
  var text: String {
    bytes.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined() + "\n"
  }

  /// A key for another purpose, from which this one cannot be found; nil if libcrypto fails.
  func derived(for purpose: String) -> [UInt8]? {
    HMACSHA256.code(of: Array(purpose.utf8), key: bytes)
  }

  // MARK: Sealing

  /// Seals a secret, which opens with this key and name only.
  func seal(_ secret: String, _ name: String) throws(StoreError) -> String {
    var random = SystemRandomNumberGenerator()
    let nonce = (0..<AES256GCM.nonceSize).map { _ in UInt8.random(in: 0...255, using: &random) }
    guard let sealed = cipher.seal(Array(secret.utf8), nonce: nonce, bound: Array(name.utf8)) else {
      throw Self.refused
    }
    return "\(Self.mark).\(id).\(Data(nonce + sealed).base64EncodedString())"
  }

  /// Opens a secret that was sealed with this key and name.
  func open(_ sealed: String, _ name: String) throws(StoreError) -> String {
    let parts = sealed.split(separator: ".")
    guard parts.count == 3, let data = Data(base64Encoded: String(parts[2])),
      let bytes = cipher.open(
        Array(data.dropFirst(AES256GCM.nonceSize)), nonce: Array(data.prefix(AES256GCM.nonceSize)),
        bound: Array(name.utf8)),
      let secret = String(validating: bytes, as: UTF8.self)
    else { throw .sealed("\(name) was changed after it was encrypted; set it again") }
    return secret
  }

  /// The id of the key that sealed a text; nil if it is not sealed.
  static func id(of sealed: String) -> String? {
    let parts = sealed.split(separator: ".")
    return parts.count == 3 && parts[0] == mark ? String(parts[1]) : nil
  }

  private static let refused = StoreError.sealed(
    "libcrypto cannot create a cipher; the machine may be out of memory")
}
