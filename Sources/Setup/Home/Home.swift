import StepKit
public import Store
public import Values

/// The place where one installation keeps what it knows: the store, the secrets, the locks.
public struct Home: Sendable {
  /// The directory.
  public let path: String
  /// Everything but secrets.
  public let store: any KeyValueStore
  /// The secrets of the connections, sealed.
  public let secrets: Secrets
  let keys: KeyRing

  /// Where the store is.
  public var storePath: String { "\(path)/store" }

  /// Opens the home, and makes it where it is not there yet; `disk` does the store's writing, which is
  /// compacted when it has grown by `compactAt` bytes, and `keyFile` holds the key that seals the
  /// secrets, if the user has one.
  ///
  /// - Throws: A `configuration` problem if a newer build made the home.
  public init(
    at path: String, keyFile: String? = nil, disk: any Disk = LocalDisk(),
    compactAt: Int = 8 << 20
  ) throws(Problem) {
    self.path = path
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

  /// Seals all secrets with another key: the one in a file, or a new one, which is then put there.
  ///
  /// - Returns: the file in which the key is now.
  public func replaceKey(with path: String?) throws(Problem) -> String {
    do throws(StoreError) {
      return try keys.replace(in: secrets, with: path)
    } catch {
      throw Problem(error)
    }
  }

  /// Whether there is any secret.
  public func hasSecrets() throws(Problem) -> Bool {
    do throws(StoreError) { return try !secrets.isEmpty() } catch { throw Problem(error) }
  }

  /// Refuses a home whose secrets do not open: a key that is lost is a person's business.
  public func checkSecrets() throws(Problem) {
    do throws(StoreError) { try secrets.verify() } catch { throw Problem(error) }
  }
}

extension Home {
  /// Does something with the store; its errors are problems.
  public func with<Value>(_ body: (any KeyValueStore) throws(StoreError) -> Value) throws(Problem)
    -> Value
  {
    do throws(StoreError) {
      return try body(store)
    } catch {
      throw Problem(error)
    }
  }

  /// A number that changes whenever what is settled may have.
  public func version() throws(Problem) -> Int {
    try with { (store) throws(StoreError) in try store.version() }
  }

  /// A number that changes whenever a secret may have.
  public func secretsVersion() throws(Problem) -> Int {
    do throws(StoreError) { return try secrets.version() } catch { throw Problem(error) }
  }

  /// The document at a key.
  public func document(at key: String) throws(Problem) -> JSON? {
    guard let text = try text(at: key) else { return nil }
    return try Self.document(in: text, at: key)
  }

  /// The text of the document at a key.
  public func text(at key: String) throws(Problem) -> String? {
    try with { (store) throws(StoreError) in try store.get(key) }
  }

  /// Parses a record; a record that is not JSON is an `io` problem.
  public static func document(in text: String, at key: String) throws(Problem) -> JSON {
    do throws(JSONError) {
      return try JSON(parsing: text)
    } catch {
      throw Problem(.io, "the store's record \(key) is not JSON: \(error)")
    }
  }

  /// The next record of a scan.
  public func next(_ scan: inout any RecordCursor) throws(Problem) -> Record? {
    do throws(StoreError) { return try scan.next() } catch { throw Problem(error) }
  }

  /// The documents whose keys begin so, in the order of their keys.
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
  /// A document put at a key.
  public static func put(_ key: String, _ document: JSON) -> Change { .put(key, document.text) }
}
