/// A durable map from text keys to text values, shared by threads and processes.
///
/// All implementations keep these promises:
/// - A transaction is atomic: readers, scans and crashes see all of its changes or none.
/// - A transaction is durable and visible to all processes before its caller learns that it committed.
/// - Transactions are serialized: conditions are tested against all transactions before them.
/// - A scan returns the records of one moment, whatever is committed or compacted during the scan.
///
/// All members may be called from any thread.
public protocol KeyValueStore: Sendable {
  /// The failure after which the store accepts no more commits, or nil. Reopen the store to continue.
  var closedBecause: String? { get }

  /// Returns the value of a key, or nil if the key does not exist.
  /// - Throws: `badKey`, `damaged`, `unavailable`.
  func get(_ key: String) throws(StoreError) -> String?

  /// Returns the current records of a range, ordered by the UTF-8 bytes of their keys.
  /// - Throws: `damaged`, `unavailable`.
  func scan(_ range: KeyRange, reversed: Bool) throws(StoreError) -> any RecordCursor

  /// Commits a transaction, and returns when it is durable.
  /// - Returns: Whether the conditions held. If not, nothing was changed.
  /// - Throws: `badKey`, `badValue`; `unavailable` when nothing was changed, for lack of space for
  ///   instance; `closed` when the outcome is unknown or an earlier one was; `damaged`.
  func commit(_ transaction: Transaction) throws(StoreError) -> Bool

  /// Commits a transaction in the background, and may wait some milliseconds to share a flush.
  /// - Parameters:
  ///   - transaction: The changes and conditions.
  ///   - completion: Receives what `commit` without it returns or throws, once. It runs on an
  ///     arbitrary thread that has other work to do, and never inside this call.
  /// - Throws: `badKey`, `badValue`. The completion is not called then.
  func commit(
    _ transaction: Transaction,
    then completion: @escaping @Sendable (Result<Bool, StoreError>) -> Void
  ) throws(StoreError)

  /// Commits independent transactions in order with a single flush.
  /// - Returns: For each transaction what `commit` returns or throws.
  func commit(each transactions: [Transaction]) -> [Result<Bool, StoreError>]

  /// Returns a number that changes whenever a record with a watched prefix may have changed.
  ///
  /// The watched prefixes are given when the store is opened. Use it to validate a cache.
  /// - Throws: `damaged`, `unavailable`.
  func version() throws(StoreError) -> Int

  /// Returns a stream of the changes that are committed from now on.
  /// - Throws: `damaged`, `unavailable`.
  func changeStream() throws(StoreError) -> any ChangeStream

  /// Waits until the commit that is under way, if any, is durable and visible.
  ///
  /// A notification of the file system (inotify) arrives before that.
  /// - Throws: `unavailable`.
  func waitForWriter() throws(StoreError)

  /// Reclaims the space of overwritten and removed records, while others read and write.
  ///
  /// Waits for another compaction to end first.
  /// - Parameter keep: Returns whether to keep a record; nil keeps all. A record that is written
  ///   during the compaction is always kept. Records dropped here appear in no change stream.
  /// - Throws: `unavailable`, `closed`, `damaged`. The records are unchanged then.
  func compact(keep: ((_ key: String, _ value: String) -> Bool)?) throws(StoreError)
}

extension KeyValueStore {
  /// Returns the records whose keys begin with a text; the empty text selects all.
  /// - Throws: `damaged`, `unavailable`.
  public func scan(prefix: String, reversed: Bool = false) throws(StoreError) -> any RecordCursor {
    try scan(.prefix(prefix), reversed: reversed)
  }

  /// Returns the records from a key, which need not exist, up to but without another.
  /// - Throws: `damaged`, `unavailable`.
  public func scan(
    from: String, upTo: String? = nil, reversed: Bool = false
  ) throws(StoreError) -> any RecordCursor {
    try scan(.bounds(from: from, upTo: upTo), reversed: reversed)
  }

  /// Returns at most `limit` records whose keys begin with a text.
  /// - Throws: `damaged`, `unavailable`.
  public func records(
    prefix: String, limit: Int = .max, reversed: Bool = false
  ) throws(StoreError) -> [Record] {
    var cursor = try scan(prefix: prefix, reversed: reversed)
    var records: [Record] = []
    while records.count < limit, let record = try cursor.next() { records.append(record) }
    return records
  }

  /// Commits changes if conditions hold.
  /// - Returns: Whether the conditions held. If not, nothing was changed.
  /// - Throws: As `commit(_:)` of a transaction.
  public func commit(
    _ changes: [Change], if conditions: [Condition] = []
  ) throws(StoreError) -> Bool {
    try commit(Transaction(changes, if: conditions))
  }

  /// Commits changes in the background if conditions hold.
  /// - Throws: `badKey`, `badValue`. The completion is not called then.
  public func commit(
    _ changes: [Change], if conditions: [Condition] = [],
    then completion: @escaping @Sendable (Result<Bool, StoreError>) -> Void
  ) throws(StoreError) {
    try commit(Transaction(changes, if: conditions), then: completion)
  }

  /// Sets the value of a key.
  /// - Throws: As `commit`.
  public func put(_ value: String, at key: String) throws(StoreError) {
    _ = try commit([.put(key, value)])
  }

  /// Sets the value of a key that does not exist.
  /// - Returns: False when the key exists; nothing was changed then.
  /// - Throws: As `commit`.
  public func create(_ value: String, at key: String) throws(StoreError) -> Bool {
    try commit([.put(key, value)], if: [.absent(key)])
  }

  /// Replaces a value if it is the expected one.
  /// - Returns: False when it is not; nothing was changed then.
  /// - Throws: As `commit`.
  public func replace(
    _ key: String, expecting expected: String, with value: String
  ) throws(StoreError) -> Bool {
    try commit([.put(key, value)], if: [.equals(key, expected)])
  }

  /// Removes a key if it exists.
  /// - Throws: As `commit`.
  public func remove(_ key: String) throws(StoreError) {
    _ = try commit([.remove(key)])
  }

  /// Reclaims the space of overwritten and removed records, and keeps all others.
  /// - Throws: `unavailable`, `closed`, `damaged`. The records are unchanged then.
  public func compact() throws(StoreError) { try compact(keep: nil) }
}
