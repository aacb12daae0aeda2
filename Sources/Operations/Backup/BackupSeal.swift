import Crypto
import Foundation
import Setup
import Values

/// The keys of a backup, which are derived from the key of its home: one tells that a home with the key
/// wrote the file, one encrypts its lines.
struct BackupSeal {
  private let authenticity: KeyBytes
  private let cipher: AES256GCM

  /// The keys of a file, each of which has a salt of its own; nil if the home has no key.
  init?(salt: String, _ derived: (_ purpose: String) throws(Problem) -> KeyBytes?) throws(Problem) {
    guard let authenticity = try derived("meterbridge backup authenticity \(salt)"),
      let key = try derived("meterbridge backup encryption \(salt)"),
      let cipher = AES256GCM(key: key)
    else { return nil }
    (self.authenticity, self.cipher) = (authenticity, cipher)
  }

  /// A random salt.
  static func salt() -> String {
    var random = SystemRandomNumberGenerator()
    return Data((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) })
      .base64EncodedString()
  }

  /// The code that only a home with the key can make of the first line and the digest of the others.
  func code(head: String, digest: String) throws(Problem) -> String {
    let text = Array("\(head)\n\(digest)".utf8)
    guard let code = HMACSHA256.code(of: text, key: authenticity) else { throw Self.refused }
    return code.withBytes { Data($0) }.base64EncodedString()
  }

  /// Encrypts the line of a number, which no other line of the file has.
  func seal(_ line: String, number: Int) throws(Problem) -> String {
    guard let sealed = cipher.seal(Array(line.utf8), nonce: Self.nonce(number), bound: []) else {
      throw Self.refused
    }
    return (["sealed": .string(Data(sealed).base64EncodedString())] as JSON).text
  }

  /// Decrypts the line of a number; nil if it is another or was changed.
  func open(_ sealed: String, number: Int) -> String? {
    guard let bytes = Data(base64Encoded: sealed) else { return nil }
    return cipher.open(Array(bytes), nonce: Self.nonce(number), bound: []).flatMap {
      String(validating: $0, as: UTF8.self)
    }
  }

  private static func nonce(_ number: Int) -> [UInt8] {
    (0..<AES256GCM.nonceSize).map { UInt8(truncatingIfNeeded: $0 < 8 ? number >> (8 * $0) : 0) }
  }

  private static var refused: Problem {
    Problem(.software, "libcrypto gave no code: is there memory left?")
  }
}
