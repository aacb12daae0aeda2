import Crypto
import Foundation
import Values

/// A password as it is kept: the key that scrypt derives from it, with its salt and cost.
struct PasswordHash {
  private let cost: Scrypt.Cost
  private let salt: [UInt8]
  private let key: [UInt8]

  /// The hash of a password with a random salt.
  init(of password: String) throws(Problem) {
    cost = .standard
    salt = RandomToken.bytes(16)
    guard let key = Scrypt.key(of: Array(password.utf8), salt: salt, cost: cost) else {
      throw Problem(.temporary, "cannot hash the password: libcrypto failed")
    }
    self.key = key
  }

  /// Reads ``text``; nil if it is not one.
  init?(text: String) {
    let parts = text.split(separator: "$").map(String.init)
    guard parts.count == 6, parts[0] == "scrypt", let logN = Int(parts[1]), let r = Int(parts[2]),
      let p = Int(parts[3]), let cost = Scrypt.Cost(logN: logN, r: r, p: p),
      let salt = Data(base64Encoded: parts[4]), let key = Data(base64Encoded: parts[5]),
      key.count >= 16
    else { return nil }
    (self.cost, self.salt, self.key) = (cost, Array(salt), Array(key))
  }

  /// `scrypt$logN$r$p$salt$key`, the last two in base64.
  var text: String {
    let (salt, key) = (Data(salt).base64EncodedString(), Data(key).base64EncodedString())
    return "scrypt$\(cost.logN)$\(cost.r)$\(cost.p)$\(salt)$\(key)"
  }

  /// Whether it is the hash of a password.
  func matches(_ password: String) -> Bool {
    let other = Scrypt.key(of: Array(password.utf8), salt: salt, cost: cost, count: key.count)
    return other.map { ConstantTime.areEqual($0, key) } ?? false
  }

  /// A hash that no password matches, which takes as long to compare as any other.
  static let none = PasswordHash()

  private init() {
    cost = .standard
    salt = RandomToken.bytes(16)
    key = RandomToken.bytes(32)
  }
}
