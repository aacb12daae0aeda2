import Glibc

/// The secrets of connections, in a store of their own: directory 0700, files 0600.
///
/// A secret that is replaced or removed is in no file afterwards. The name of a connection must not be
/// empty or contain a slash: otherwise members throw `badKey`.
public final class Secrets: Sendable {
  private let store: any KeyValueStore
  private let cipher: SecretCipher

  /// Opens the secrets, and creates their directory if it does not exist.
  /// - Parameters:
  ///   - path: The directory, whose mode is set to 0700.
  ///   - cipher: The encryption of the secrets.
  ///   - disk: The disk to write to.
  /// - Throws: `damaged`, `unavailable`.
  public init(
    at path: String, cipher: SecretCipher = .none, disk: any Disk = LocalDisk()
  ) throws(StoreError) {
    try disk.makeDirectory(path)
    _ = try check("chmod", path) { Int(chmod(path, 0o700)) }
    store = try FileStore(at: path, disk: disk, watching: [""])
    self.cipher = cipher
  }

  /// Creates the secrets of a store, which must watch the prefix "".
  public init(in store: any KeyValueStore, cipher: SecretCipher = .none) {
    self.store = store
    self.cipher = cipher
  }

  /// Stores a secret of a connection, and replaces one of the same name.
  /// - Throws: The errors of a commit.
  public func put(_ secret: Secret, _ name: String, of connection: String) throws(StoreError) {
    let key = try key(name, of: connection)
    try commit([try sealed(secret.reveal(), at: key, with: cipher)])
  }

  /// Returns a secret of a connection, or nil if it does not exist.
  /// - Throws: `sealed` when it cannot be decrypted.
  public func get(_ name: String, of connection: String) throws(StoreError) -> Secret? {
    let key = try key(name, of: connection)
    guard let line = try store.get(key) else { return nil }
    return Secret(try cipher.open(unescape(line), key))
  }

  /// Returns a number that changes whenever a secret may have changed, in any process.
  /// - Throws: `damaged`, `unavailable`.
  public func version() throws(StoreError) -> Int { try store.version() }

  /// Encrypts all secrets anew in one transaction: `open` of the cipher decrypts, `seal` encrypts.
  /// - Throws: `sealed` when a secret cannot be decrypted. Nothing was changed then.
  public func reseal(_ cipher: SecretCipher) throws(StoreError) {
    var changes: [Change] = []
    for record in try store.records(prefix: "") {
      let secret = try cipher.open(unescape(record.value), record.key)
      changes.append(try sealed(secret, at: record.key, with: cipher))
    }
    try commit(changes)
  }

  /// Decrypts every secret.
  /// - Throws: `sealed` when one cannot be decrypted.
  public func verify() throws(StoreError) {
    for record in try store.records(prefix: "") {
      _ = try cipher.open(unescape(record.value), record.key)
    }
  }

  /// Returns the secrets as they are stored: sealed, under `CONNECTION/NAME`.
  /// - Throws: `damaged`, `unavailable`.
  public func sealed() throws(StoreError) -> [Record] { try store.records(prefix: "") }

  /// Replaces all secrets by those of another store, sealed with the same key.
  /// - Throws: The errors of a commit.
  public func replaceAll(bySealed records: [Record]) throws(StoreError) {
    let removals = try store.records(prefix: "").map { Change.remove($0.key) }
    try commit(removals + records.map { .put($0.key, $0.value) })
  }

  /// Returns whether no connection has a secret.
  /// - Throws: `damaged`, `unavailable`.
  public func isEmpty() throws(StoreError) -> Bool {
    try store.records(prefix: "", limit: 1).isEmpty
  }

  /// Returns the names of the secrets of a connection, in order.
  /// - Throws: `badKey`, `damaged`, `unavailable`.
  public func names(of connection: String) throws(StoreError) -> [String] {
    let prefix = try key("", of: connection)
    return try store.records(prefix: prefix).map { String($0.key.dropFirst(prefix.count)) }
  }

  /// Removes a secret of a connection if it exists.
  /// - Throws: The errors of a commit.
  public func remove(_ name: String, of connection: String) throws(StoreError) {
    try commit([.remove(try key(name, of: connection))])
  }

  /// Removes all secrets of a connection.
  /// - Throws: The errors of a commit.
  public func removeAll(of connection: String) throws(StoreError) {
    let prefix = try key("", of: connection)
    try commit(try store.records(prefix: prefix).map { .remove($0.key) })
  }

  // MARK: Private

  private func key(_ name: String, of connection: String) throws(StoreError) -> String {
    guard !connection.isEmpty, !connection.utf8.contains(UInt8(ascii: "/")) else {
      throw .badKey("the name of a connection must not be empty or contain a slash")
    }
    return "\(connection)/\(name)"
  }

  private func sealed(
    _ secret: String, at key: String, with cipher: SecretCipher
  ) throws(StoreError) -> Change {
    .put(key, escape(try cipher.seal(secret, key)))
  }

  /// Commits changes, and compacts the store to remove the former secrets from its files.
  private func commit(_ changes: [Change]) throws(StoreError) {
    _ = try store.commit(changes)
    try store.compact()
  }
}

/// Encodes a text as one line: a newline as `\n`, a NUL as `\0`, a backslash as `\\`.
private func escape(_ text: String) -> String {
  text.unicodeScalars.reduce(into: "") { line, scalar in
    switch scalar {
    case "\n": line += "\\n"
    case "\0": line += "\\0"
    case "\\": line += "\\\\"
    default: line.unicodeScalars.append(scalar)
    }
  }
}

/// Decodes a line.
private func unescape(_ line: String) -> String {
  var text = ""
  var isEscaped = false
  for scalar in line.unicodeScalars {
    switch (isEscaped, scalar) {
    case (false, "\\"):
      isEscaped = true
      continue
    case (true, "n"): text += "\n"
    case (true, "0"): text += "\0"
    default: text.unicodeScalars.append(scalar)
    }
    isEscaped = false
  }
  return text
}
