import StepKit
public import Store
public import Values

/// The place where one installation keeps what it knows: the store, the secrets, the locks.
public struct Home: Sendable {
  /// The directory.
  public let path: String
  /// Everything but secrets.
  public let store: Store
  /// The secrets of the connections, sealed.
  public let secrets: Secrets
  private let keys: KeyRing

  /// Where the store has what hardly ever changes and is looked at all the time.
  private static let settled = ["connection/", "flow-connection/", "paused/", "place/"]

  /// Where the store is.
  var storePath: String { "\(path)/store" }

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
      store = try Store(
        at: "\(path)/store", disk: disk, compactAt: compactAt, watching: Self.settled)
      secrets = try Secrets(at: "\(path)/secrets", seal: keys.seal)
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
  func hasSecrets() throws(Problem) -> Bool {
    do throws(StoreError) { return try !secrets.isEmpty() } catch { throw Problem(error) }
  }

  /// Refuses a home whose secrets do not open: a key that is lost is a person's business.
  public func checkSecrets() throws(Problem) {
    do throws(StoreError) { try secrets.verify() } catch { throw Problem(error) }
  }
}

extension Problem {
  /// The problem that a store's error is for who asked.
  public init(_ error: StoreError) {
    switch error {
    case .badKey, .badValue: self.init(.data, error.description)
    case .sealed: self.init(.configuration, error.description)
    default: self.init(error.isTemporary ? .temporary : .io, error.description)
    }
  }
}

extension Home {
  /// Does something with the store; its errors are problems.
  func with<Value>(_ body: (Store) throws(StoreError) -> Value) throws(Problem) -> Value {
    do throws(StoreError) {
      return try body(store)
    } catch {
      throw Problem(error)
    }
  }

  /// A number that changes whenever what is settled may have.
  func version() throws(Problem) -> Int {
    try with { (store) throws(StoreError) in try store.version() }
  }

  /// A number that changes whenever a secret may have.
  func secretsVersion() throws(Problem) -> Int {
    do throws(StoreError) { return try secrets.version() } catch { throw Problem(error) }
  }

  /// The document at a key.
  func document(at key: String) throws(Problem) -> JSON? {
    guard let text = try text(at: key) else { return nil }
    return try Self.document(in: text, at: key)
  }

  /// The text of the document at a key.
  func text(at key: String) throws(Problem) -> String? {
    try with { (store) throws(StoreError) in try store.get(key) }
  }

  static func document(in text: String, at key: String) throws(Problem) -> JSON {
    do throws(JSONError) {
      return try JSON(parsing: text)
    } catch {
      throw Problem(.io, "the store's record \(key) is not JSON: \(error)")
    }
  }

  /// The next record of a scan.
  func next(_ scan: inout Scan) throws(Problem) -> Record? {
    do throws(StoreError) { return try scan.next() } catch { throw Problem(error) }
  }

  /// The documents whose keys begin so, in the order of their keys.
  func documents(below prefix: String) throws(Problem) -> [(key: String, document: JSON)] {
    var documents: [(key: String, document: JSON)] = []
    var scan = try with { (store) throws(StoreError) in try store.scan(prefix: prefix) }
    while let record = try next(&scan) {
      documents.append((record.key, try Self.document(in: record.value, at: record.key)))
    }
    return documents
  }

  /// Makes the changes all at once, and says so when they are durable: see the store's `commit`.
  func commit(
    _ changes: [Change], then tell: @escaping @Sendable (Problem?) -> Void
  ) throws(Problem) {
    try with { (store) throws(StoreError) in
      try store.commit(changes) { result in
        if case .failure(let error) = result { tell(Problem(error)) } else { tell(nil) }
      }
    }
  }

  /// Makes the changes all at once, if the conditions hold.
  func commit(
    _ changes: [Change], if conditions: [Condition] = []
  ) throws(Problem) -> Bool {
    try with { (store) throws(StoreError) in try store.commit(changes, if: conditions) }
  }
}

extension Change {
  /// A document put at a key.
  static func put(_ key: String, _ document: JSON) -> Change { .put(key, document.text) }
}
