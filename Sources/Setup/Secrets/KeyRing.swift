import Crypto
import Foundation
import Store
import Synchronization

/// The key of a home that seals its secrets, and during a replacement the next one.
///
/// The key is in the file that `METERBRIDGE_KEY_FILE` names, or in a file of the home that is created
/// with the first secret. The home notes the id of its key, so that a lost key is never replaced
/// silently.
///
/// | state | action |
/// |---|---|
/// | no key, no note, no secret | creates a key and notes it |
/// | no key, no note, sealed secrets | refuses: the key is lost |
/// | a key that others can read | refuses, as ssh does |
/// | a key, no note | notes it |
/// | the noted key | seals and opens with it |
/// | no key, or another than the noted one | refuses, with the reason |
/// | a secret sealed with the next key | opens it with that: a replacement was interrupted |
final class KeyRing: Sendable {
  private let folder: String
  private let given: String?
  private let known = Mutex<[String: SecretKey]>([:])
  private let sealed: (@Sendable () throws(StoreError) -> String?)?

  /// Creates the key ring of a home; `given` is the path in `METERBRIDGE_KEY_FILE`.
  ///
  /// `sealed` returns the id of the key that sealed the secrets, or nil if there are none, of a home
  /// whose secrets are not in its files: the note is then one of this machine only.
  init(
    home: String, given: String?, sealed: (@Sendable () throws(StoreError) -> String?)? = nil
  ) {
    folder = home
    self.given = given
    self.sealed = sealed
    // A replacement that was cut short may have left a key in them.
    for path in [file, next, note] { KeyFile.removeDrafts(of: path) }
  }

  /// The cipher of the secrets.
  var seal: SecretCipher {
    SecretCipher(
      seal: { [self] text, name throws(StoreError) in try sealing().seal(text, name) },
      open: { [self] text, name throws(StoreError) in try opening(text, name).open(text, name) })
  }

  private var file: String { given ?? "\(folder)/key" }
  private var next: String { "\(folder)/key.next" }

  /// Whether there are sealed secrets: their files hold the mark of a key.
  private var hasSealedSecrets: Bool {
    let place = "\(folder)/secrets"
    let mark = Array(SecretKey.sealMark.utf8)
    return ((try? LocalDisk().names(in: place)) ?? []).contains { name in
      (FileManager.default.contents(atPath: "\(place)/\(name)") ?? Data()).firstRange(of: mark)
        != nil
    }
  }

  private var note: String { "\(folder)/key.id" }
}

// MARK: - Which key

extension KeyRing {
  /// The key that seals.
  private func sealing() throws(StoreError) -> SecretKey {
    let written = KeyFile.read(note)?.trimmingCharacters(in: .whitespacesAndNewlines)
    let noted = try sealed?() ?? written
    if noted == nil, try KeyFile.readKey(file) == nil {
      guard given == nil else {
        throw .sealed(
          "METERBRIDGE_KEY_FILE names \(file), which is missing or cannot be read: store a key there, 64"
            + " hexadecimal digits, such as the output of `openssl rand -hex 32`")
      }
      guard !hasSealedSecrets else {
        throw .sealed(
          "the key \(file) is lost, and there are secrets that it sealed: restore it; to go on without"
            + " them, remove \(folder)/secrets and set the secrets again")
      }
      try KeyFile.write(try SecretKey.make().text, to: file, isNew: true)
    }
    let key = try self.key(in: file)
    if written == nil, noted ?? key.id == key.id {
      try KeyFile.write(key.id + "\n", to: note, isNew: false)
    }
    guard noted == nil || noted == key.id else {
      guard !KeyFile.exists(next) else {
        throw .sealed(
          "a rotation to another key was interrupted: run `meterbridge connection rotate-key` again"
        )
      }
      throw .sealed(
        "the secrets are encrypted with key \(noted ?? ""), but \(file) has key \(key.id): set"
          + " METERBRIDGE_KEY_FILE to the right file")
    }
    return key
  }

  /// The key that sealed a secret.
  private func opening(_ sealed: String, _ name: String) throws(StoreError) -> SecretKey {
    guard let id = SecretKey.id(of: sealed) else {
      throw .sealed("\(name) is stored unencrypted; set it again")
    }
    if let key = known.withLock({ $0[id] }) { return key }
    let current = try? self.key(in: file)
    for key in [current, try? self.key(in: next)] where key?.id == id {
      known.withLock { $0[id] = key }
      if let key { return key }
    }
    guard let current else { return try self.key(in: file) }  // which throws why
    throw .sealed(
      "it is encrypted with key \(id), but \(file) has key \(current.id): set METERBRIDGE_KEY_FILE"
        + " to the right file")
  }

  private func key(in path: String) throws(StoreError) -> SecretKey {
    guard let text = try KeyFile.readKey(path) else {
      throw .sealed(
        "the key \(path) is missing or cannot be read: restore it, or set METERBRIDGE_KEY_FILE to it;"
          + " without it, all secrets must be set again")
    }
    guard let key = SecretKey(text: text) else {
      throw .sealed("\(path) has no key: a key is 64 hexadecimal digits")
    }
    return key
  }
}

extension KeyRing {
  /// A key for another purpose that is derived from the home's; nil if the home has none.
  ///
  /// - Throws: `sealed` if there is a key that may not be used.
  func derived(for purpose: String) throws(StoreError) -> KeyBytes? {
    guard try KeyFile.readKey(file) != nil else { return nil }
    return try key(in: file).derived(for: purpose)
  }

  /// Makes the key of a home that has none and needs none yet.
  func make() throws(StoreError) { _ = try sealing() }
}

// MARK: - Another key

extension KeyRing {
  /// Seals all secrets with another key: the one in a file, or a new one.
  ///
  /// The next key is stored before the first secret is sealed with it, and replaces the old one after the
  /// last. After a crash in between, each opens its own secrets, and a repetition completes the change.
  ///
  /// - Returns: The path of the key.
  func replace(in secrets: Secrets, with path: String?) throws(StoreError) -> String {
    if !KeyFile.exists(next) {
      var chosen = try SecretKey.make()
      if let path, try KeyFile.readKey(path) != nil { chosen = try self.key(in: path) }
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
