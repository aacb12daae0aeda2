import Foundation
import Store
import Synchronization

/// The keys of a home: the one that seals, and while it is replaced the next one.
///
/// The key is the user's, in a file that is named by `METERBRIDGE_KEY_FILE`, or else one that is made
/// once, beside the store and readable by its owner alone. Which key it is, is written down beside it,
/// so that a lost key is never replaced by itself.
///
/// | what is there | what is done |
/// |---|---|
/// | no key, no note of one | a key is made, and noted |
/// | a key, no note | it is noted |
/// | the key that is noted | it seals and opens |
/// | no key, or another one than is noted | refused, with the reason |
/// | something sealed with the next key | it opens with that: the replacement was cut off |
final class KeyRing: Sendable {
  private let folder: String
  private let given: String?
  private let known = Mutex<[String: SecretKey]>([:])

  /// The keys of a home; `given` is the user's own file.
  init(home: String, given: String?) {
    folder = home
    self.given = given
  }

  /// How the home's secrets are kept.
  var seal: SecretCipher {
    SecretCipher(
      seal: { [self] text, name throws(StoreError) in try sealing().seal(text, name) },
      open: { [self] text, name throws(StoreError) in try opening(text, name).open(text, name) })
  }

  private var file: String { given ?? "\(folder)/key" }
  private var next: String { "\(folder)/key.next" }
  private var note: String { "\(folder)/key.id" }
}

// MARK: - Which key

extension KeyRing {
  /// The key that seals.
  private func sealing() throws(StoreError) -> SecretKey {
    let noted = KeyFile.read(note)?.trimmingCharacters(in: .whitespacesAndNewlines)
    if noted == nil, KeyFile.read(file) == nil {
      guard given == nil else {
        throw .sealed(
          "METERBRIDGE_KEY_FILE names \(file), which is missing or may not be read: put a key there, 64"
            + " hexadecimal digits such as `openssl rand -hex 32` makes")
      }
      try KeyFile.write(try SecretKey.make().text, to: file, isNew: true)
    }
    let key = try self.key(in: file)
    if noted == nil { try KeyFile.write(key.id + "\n", to: note, isNew: false) }
    guard noted == nil || noted == key.id else {
      guard KeyFile.read(next) == nil else {
        throw .sealed(
          "another key was about to take its place: `meterbridge connection rotate-key` again")
      }
      throw .sealed(
        "the secrets are sealed with key \(noted ?? ""), and \(file) holds key \(key.id): name the right"
          + " file in METERBRIDGE_KEY_FILE")
    }
    return key
  }

  /// The key with which something was sealed.
  private func opening(_ sealed: String, _ name: String) throws(StoreError) -> SecretKey {
    guard let id = SecretKey.id(of: sealed) else {
      throw .sealed("\(name) was kept without a seal; set it again")
    }
    if let key = known.withLock({ $0[id] }) { return key }
    let current = try? self.key(in: file)
    for key in [current, try? self.key(in: next)] where key?.id == id {
      known.withLock { $0[id] = key }
      if let key { return key }
    }
    guard let current else { return try self.key(in: file) }  // which throws why
    throw .sealed(
      "it is sealed with key \(id), and \(file) holds key \(current.id): name the right file in"
        + " METERBRIDGE_KEY_FILE")
  }

  private func key(in path: String) throws(StoreError) -> SecretKey {
    guard let text = KeyFile.read(path) else {
      throw .sealed(
        "the key \(path) is missing or may not be read: restore it, or name it in METERBRIDGE_KEY_FILE;"
          + " without it the secrets must be set again")
    }
    guard let key = SecretKey(text: text) else {
      throw .sealed("\(path) holds no key: a key is 64 hexadecimal digits")
    }
    return key
  }
}

// MARK: - Another key

extension KeyRing {
  /// Seals all secrets with another key: the one in a file, or one that is made for it.
  ///
  /// The next key is on disk before anything is sealed with it, and takes the old one's place after all
  /// is: cut off in between, both open what is theirs, and doing it again ends it.
  ///
  /// - Returns: the file in which the key is now.
  func replace(in secrets: Secrets, with path: String?) throws(StoreError) -> String {
    if KeyFile.read(next) == nil {
      var chosen = try SecretKey.make()
      if let path, KeyFile.read(path) != nil { chosen = try self.key(in: path) }
      try KeyFile.write(chosen.text, to: next, isNew: true)
    }
    let key = try self.key(in: next)
    try secrets.reseal(
      SecretCipher(
        seal: { text, name throws(StoreError) in try key.seal(text, name) }, open: seal.open))
    let target = path ?? file
    try KeyFile.write(key.text, to: target, isNew: false)
    try KeyFile.write(key.id + "\n", to: note, isNew: false)
    try KeyFile.remove(next)
    return target
  }
}
