import Glibc

/// The secrets of connections, in a store of their own: directory 0700, files 0600.
public final class Secrets: Sendable {
  private let store: Store
  private let seal: Seal

  /// Opens the secrets, and makes their directory if it is not there.
  /// - Parameters:
  ///   - path: The directory; if others may look into it, they no longer may.
  ///   - seal: How the secrets are kept.
  ///   - disk: What does the writing.
  /// - Throws: What a store throws.
  public init(
    at path: String, seal: Seal = .none, disk: any Disk = LocalDisk()
  ) throws(StoreError) {
    try disk.makeDirectory(path)
    _ = try check("chmod", path) { Int(chmod(path, 0o700)) }
    store = try Store(at: path, disk: disk, watching: [""])
    self.seal = seal
  }

  /// Keeps a secret of a connection; the one it had by this name is no longer in any file.
  public func put(_ secret: Secret, _ name: String, of connection: String) throws(StoreError) {
    let key = try key(name, of: connection)
    try store.put(escape(try seal.seal(secret.reveal(), key)), at: key)
    try store.compact()
  }

  /// A secret of a connection; nil when it has none by this name.
  /// - Returns: The secret.
  /// - Throws: `sealed` when the seal does not open it, or what a store throws.
  public func get(_ name: String, of connection: String) throws(StoreError) -> Secret? {
    let key = try key(name, of: connection)
    guard let kept = try store.get(key) else { return nil }
    return Secret(try seal.open(unescape(kept), key))
  }

  /// A number that changes whenever a secret may have changed, in any process.
  /// - Throws: What a store throws.
  public func version() throws(StoreError) -> Int { try store.version() }

  /// Seals all secrets anew: each is opened by the one deed of the seal and sealed by the other.
  ///
  /// All at once or not at all; what they were sealed with before is no longer in any file.
  public func reseal(_ seal: Seal) throws(StoreError) {
    var changes: [Change] = []
    for record in try store.records(prefix: "") {
      let secret = try seal.open(unescape(record.value), record.key)
      changes.append(.put(record.key, escape(try seal.seal(secret, record.key))))
    }
    _ = try store.commit(changes)
    try store.compact()
  }

  /// Opens every secret, and gives none.
  /// - Throws: `sealed` when one does not open, or what a store throws.
  public func verify() throws(StoreError) {
    for record in try store.records(prefix: "") {
      _ = try seal.open(unescape(record.value), record.key)
    }
  }

  /// Whether there is none, of any connection.
  /// - Returns: Whether it is so.
  /// - Throws: What a store throws.
  public func isEmpty() throws(StoreError) -> Bool {
    var scan = try store.scan(prefix: "")
    return try scan.next() == nil
  }

  /// The names of a connection's secrets, in order.
  /// - Returns: The names.
  /// - Throws: What a store throws.
  public func names(of connection: String) throws(StoreError) -> [String] {
    let prefix = try key("", of: connection)
    return try store.records(prefix: prefix).map { String($0.key.dropFirst(prefix.count)) }
  }

  /// Forgets a secret of a connection: it is no longer in any file.
  public func remove(_ name: String, of connection: String) throws(StoreError) {
    try store.remove(try key(name, of: connection))
    try store.compact()
  }

  /// Forgets all secrets of a connection: they are no longer in any file.
  public func removeAll(of connection: String) throws(StoreError) {
    let names = try names(of: connection)
    var changes: [Change] = []
    for name in names { changes.append(.remove(try key(name, of: connection))) }
    _ = try store.commit(changes)
    try store.compact()
  }

  // MARK: Private

  private func key(_ name: String, of connection: String) throws(StoreError) -> String {
    guard !connection.isEmpty, !connection.utf8.contains(UInt8(ascii: "/")) else {
      throw .badKey("a connection's name is a text without a slash")
    }
    return "\(connection)/\(name)"
  }
}
