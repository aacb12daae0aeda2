public import Crypto
import StepKit
public import Store
public import Values

/// The directory of an installation: the store, the secrets and the locks.
public struct Home: Sendable {
  /// The path of the directory.
  public let path: String
  /// Everything but secrets.
  public let store: any KeyValueStore
  /// The secrets, sealed.
  public let secrets: Secrets
  /// The table of DynamoDB that has the records and the sealed secrets; nil if files have them.
  public let table: String?
  let keys: KeyRing

  /// The directory of the store.
  public var storePath: String { "\(path)/store" }

  /// Opens a home, and creates it if it does not exist.
  ///
  /// - Parameters:
  ///   - path: The path of the directory.
  ///   - keyFile: The file of the key that seals the secrets; nil for a file in the home.
  ///   - disk: The disk operations of the store.
  ///   - compactAt: The growth in bytes after which the store is compacted.
  /// - Throws: A `configuration` problem if a newer build made the home.
  public init(
    at path: String, keyFile: String? = nil, disk: any Disk = LocalDisk(),
    compactAt: Int = 8 << 20
  ) throws(Problem) {
    self.path = path
    table = nil
    let format = try HomeFormat(home: path)
    keys = KeyRing(home: path, given: keyFile)
    do throws(StoreError) {
      store = try FileStore(
        at: "\(path)/store", disk: disk, compactAt: compactAt, watching: StoreKey.watched)
      secrets = try Secrets(at: "\(path)/secrets", cipher: keys.seal)
    } catch {
      throw Problem(error)
    }
    try format.update(path)
  }

  /// Seals all secrets with another key: the one in a file, or a new one, which is written to it.
  ///
  /// - Returns: The path of the key.
  public func replaceKey(with path: String?) throws(Problem) -> String {
    try withSecrets { (secrets) throws(StoreError) in try keys.replace(in: secrets, with: path) }
  }

  /// A key for another purpose that is derived from the key of the secrets; nil if there is none.
  public func derivedKey(for purpose: String) throws(Problem) -> KeyBytes? {
    do throws(StoreError) { return try keys.derived(for: purpose) } catch { throw Problem(error) }
  }

  /// The same of a home that is not opened.
  public static func derivedKey(
    for purpose: String, home: String, keyFile: String?
  ) throws(Problem) -> KeyBytes? {
    do throws(StoreError) {
      return try KeyRing(home: home, given: keyFile).derived(for: purpose)
    } catch {
      throw Problem(error)
    }
  }

  /// Whether there is any secret.
  public func hasSecrets() throws(Problem) -> Bool {
    try withSecrets { (secrets) throws(StoreError) in try !secrets.isEmpty() }
  }

  /// Opens all secrets.
  /// - Throws: A `configuration` problem if a secret does not open with the key.
  public func checkSecrets() throws(Problem) {
    try withSecrets { (secrets) throws(StoreError) in try secrets.verify() }
  }
}

extension Home {
  /// Uses the store, and turns its errors into problems.
  public func with<Value>(_ body: (any KeyValueStore) throws(StoreError) -> Value) throws(Problem)
    -> Value
  {
    do throws(StoreError) {
      return try body(store)
    } catch {
      throw Problem(error)
    }
  }

  /// Uses the secrets, and turns their errors into problems.
  public func withSecrets<Value>(
    _ body: (Secrets) throws(StoreError) -> Value
  ) throws(Problem) -> Value {
    do throws(StoreError) { return try body(secrets) } catch { throw Problem(error) }
  }

  /// A number that changes whenever a connection, a flow connection, a pause or an endpoint may have
  /// changed.
  public func version() throws(Problem) -> Int {
    try with { (store) throws(StoreError) in try store.version() }
  }

  /// A number that changes whenever a secret may have changed.
  public func secretsVersion() throws(Problem) -> Int {
    try withSecrets { (secrets) throws(StoreError) in try secrets.version() }
  }

  /// The document at a key, or nil.
  public func document(at key: String) throws(Problem) -> JSON? {
    guard let text = try text(at: key) else { return nil }
    return try Self.document(in: text, at: key)
  }

  /// The text of the document at a key, or nil.
  public func text(at key: String) throws(Problem) -> String? {
    try with { (store) throws(StoreError) in try store.get(key) }
  }

  /// Parses a record.
  /// - Throws: An `io` problem if it is not JSON.
  public static func document(in text: String, at key: String) throws(Problem) -> JSON {
    do throws(JSONError) {
      return try JSON(parsing: text)
    } catch {
      throw Problem(.io, "the record \(key) of the store is not JSON: \(error)")
    }
  }

  /// The next record of a scan, or nil at its end.
  public func next(_ scan: inout any RecordCursor) throws(Problem) -> Record? {
    do throws(StoreError) { return try scan.next() } catch { throw Problem(error) }
  }

  /// The documents whose keys begin with a prefix, ordered by key.
  public func documents(below prefix: String) throws(Problem) -> [(key: String, document: JSON)] {
    var documents: [(key: String, document: JSON)] = []
    var scan = try with { (store) throws(StoreError) in try store.scan(prefix: prefix) }
    while let record = try next(&scan) {
      documents.append((record.key, try Self.document(in: record.value, at: record.key)))
    }
    return documents
  }

  /// Commits changes in the background, and calls `completion` when they are durable or failed; see
  /// the `commit` of `KeyValueStore`.
  public func commit(
    _ changes: [Change], then completion: @escaping @Sendable (Problem?) -> Void
  ) throws(Problem) {
    try with { (store) throws(StoreError) in
      try store.commit(changes) { result in
        if case .failure(let error) = result { completion(Problem(error)) } else { completion(nil) }
      }
    }
  }

  /// Builds a transaction and commits it, and builds it anew whenever one of its conditions does not
  /// hold: then another process has changed what `build` read.
  ///
  /// Everything that `build` decides must come from what it reads in this call, and each record that it
  /// relies on needs a condition. Several parts of the code can contribute to one transaction.
  /// - Returns: What `build` returned for the transaction that was committed.
  /// - Throws: What `build` throws, or the problem of the store.
  public func transact<Value>(
    _ build: (inout Transaction) throws(Problem) -> Value
  ) throws(Problem) -> Value {
    while true {
      var transaction = Transaction()
      let value = try build(&transaction)
      if transaction.changes.isEmpty && transaction.conditions.isEmpty { return value }
      if try commit(transaction.changes, if: transaction.conditions) { return value }
    }
  }

  /// Commits changes if the conditions hold.
  /// - Returns: Whether they held. If not, nothing was changed.
  public func commit(
    _ changes: [Change], if conditions: [Condition] = []
  ) throws(Problem) -> Bool {
    try with { (store) throws(StoreError) in try store.commit(changes, if: conditions) }
  }
}

extension Change {
  /// The change that stores a document at a key.
  public static func put(_ key: String, _ document: JSON) -> Change { .put(key, document.text) }
}
