import Crypto
import Foundation
import Store

/// A key that seals secrets.
struct SecretKey: Sendable {
  private static let mark = "mb1"
  /// What every sealed secret begins with.
  static let sealMark = mark + "."

  private let bytes: KeyBytes
  private let cipher: AES256GCM
  /// Identifies the key: twelve digits of its digest, which reveal nothing about it.
  let id: String

  private init?(bytes: KeyBytes) {
    let prefix = Array("meterbridge key ".utf8)
    let named = KeyBytes(count: prefix.count + bytes.count) { named in
      named.copyBytes(from: prefix)
      bytes.withBytes {
        UnsafeMutableRawBufferPointer(rebasing: named[prefix.count...]).copyMemory(from: $0)
      }
    }
    guard let cipher = AES256GCM(key: bytes), let digest = SHA256(of: named) else { return nil }
    self.bytes = bytes
    self.cipher = cipher
    id = String(digest.text.prefix(12))
  }

  /// Creates a random key.
  static func make() throws(StoreError) -> SecretKey {
    var random = SystemRandomNumberGenerator()
    let bytes = KeyBytes(count: AES256GCM.keySize) { bytes in
      for index in bytes.indices { bytes[index] = .random(in: 0...255, using: &random) }
    }
    guard let key = SecretKey(bytes: bytes) else { throw refused }
    return key
  }

  /// Reads the content of a key file: 64 hexadecimal digits.
  init?(text: KeyBytes) {
    var count = 0
    let bytes = KeyBytes(count: AES256GCM.keySize) { bytes in
      text.withBytes { text in
        for character in text where !" \n\r\t".utf8.contains(character) {
          guard let digit = Self.value(of: character), count < 2 * bytes.count else {
            count = -1
            return
          }
          bytes[count / 2] |= count.isMultiple(of: 2) ? digit << 4 : digit
          count += 1
        }
      }
    }
    guard count == 2 * AES256GCM.keySize else { return nil }
    self.init(bytes: bytes)
  }

  /// The content of the key file.
  var text: KeyBytes {
    KeyBytes(count: 2 * bytes.count + 1) { text in
      bytes.withBytes { bytes in
        for (index, byte) in bytes.enumerated() {
          text[2 * index] = Self.digit(byte >> 4)
          text[2 * index + 1] = Self.digit(byte & 15)
        }
      }
      text[text.count - 1] = UInt8(ascii: "\n")
    }
  }

  /// The value of a hexadecimal digit; nil if it is none.
  private static func value(of character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  /// A key for another purpose, from which this one cannot be found; nil if libcrypto fails.
  func derived(for purpose: String) -> KeyBytes? {
    HMACSHA256.code(of: Array(purpose.utf8), key: bytes)
  }

  // MARK: Sealing

  /// Seals a secret, which opens with this key and name only.
  func seal(_ secret: String, _ name: String) throws(StoreError) -> String {
    var random = SystemRandomNumberGenerator()
    let nonce = (0..<AES256GCM.nonceSize).map { _ in UInt8.random(in: 0...255, using: &random) }
    var bytes = Array(secret.utf8)
    defer { bytes.wipe() }
    guard let sealed = cipher.seal(bytes, nonce: nonce, bound: Array(name.utf8)) else {
      throw Self.refused
    }
    return "\(Self.mark).\(id).\(Data(nonce + sealed).base64EncodedString())"
  }

  /// Opens a secret that was sealed with this key and name.
  func open(_ sealed: String, _ name: String) throws(StoreError) -> String {
    let parts = sealed.split(separator: ".")
    guard parts.count == 3, let data = Data(base64Encoded: String(parts[2])),
      var bytes = cipher.open(
        Array(data.dropFirst(AES256GCM.nonceSize)), nonce: Array(data.prefix(AES256GCM.nonceSize)),
        bound: Array(name.utf8))
    else { throw .sealed("\(name) was changed after it was encrypted; set it again") }
    defer { bytes.wipe() }
    guard let secret = String(validating: bytes, as: UTF8.self) else {
      throw .sealed("\(name) was changed after it was encrypted; set it again")
    }
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
