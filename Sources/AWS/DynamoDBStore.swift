public import Store
import Synchronization

/// A key-value store in a table of DynamoDB, shared by processes on many machines.
///
/// It keeps the promises of ``KeyValueStore``. How:
///
/// - A commit of up to 97 records is one transaction of DynamoDB, see ``Committer``; a longer one is
///   announced in its records and happens with its log entry. A commit whose answer is lost is found in the
///   log, or made impossible by an entry in its place.
/// - A scan has a moment, see ``CutReader``; what was written after it is read as it was before, from the log.
/// - A value of more than 128 KiB is in items of its own, which are written before the commit and removed
///   after its log entry.
/// - No item is written by all writers, and records are spread over 16 partitions, see ``TableLayout``.
///
/// All reads are strongly consistent. DynamoDB shows the records of a transaction one after another, within
/// milliseconds before its answer: two calls of `get` in a row may see such a commit in the first and not yet in
/// the second, as they are no scan. A scan or a change stream that goes back further than the history of the
/// log fails. A replaced value is in the log until the second compaction after it that is later than the
/// history, and in backups of the table, such as point-in-time recovery, as long as AWS keeps those.
public final class DynamoDBStore: KeyValueStore {
  private let records: RecordTable
  private let known = KnownRecords()
  private let committer: Committer
  private let queue: CommitQueue<Committer>
  private let cuts: CutReader
  private let compaction = Mutex(())
  private let history: Int?

  /// Opens a store in a table, and makes it if the table has none of that name.
  ///
  /// Requests: one, and one more to make it.
  /// - Parameters:
  ///   - client: The account, and how requests are sent.
  ///   - table: The name of the table.
  ///   - space: The name of the store in the table, without a slash.
  ///   - watched: The key prefixes of `version()`. Those who share a store must watch the same.
  ///   - groups: The prefixes of keys that are kept together by what follows up to a slash, such as
  ///     `effect/`, so that they are read with one request. What the store was made with counts.
  ///   - history: The seconds that the log goes back at least; nil to keep nothing beyond a compaction.
  ///   - shards: The number of partitions of records. What the store was made with counts.
  /// - Throws: `remote`.
  public init(
    client: AWSClient, table: String, space: String, watching watched: [String] = [],
    groups: [String] = [], history: Int? = 3600, shards: Int = 16
  ) throws(StoreError) {
    let table = DynamoDBTable(client: client, name: table)
    do throws(AWSError) {
      let layout = try TableLayout(of: space, in: table, groups: groups, shards: shards)
      records = RecordTable(table: table, layout: layout)
    } catch {
      throw StoreError(error)
    }
    self.history = history
    let committer = Committer(records, known, watched: watched.map { Array($0.utf8) })
    self.committer = committer
    queue = CommitQueue(committer, label: "meterbridge.dynamodb")
    cuts = CutReader(records, known) { committer.writer.acknowledged }
  }

  /// Returns whether a table has a store of a name, with one request.
  /// - Throws: `remote`; the table may be missing.
  public static func exists(
    in table: String, client: AWSClient, space: String
  ) throws(StoreError) -> Bool {
    do throws(AWSError) {
      return try TableLayout.exists(space, in: DynamoDBTable(client: client, name: table))
    } catch {
      throw StoreError(error)
    }
  }

  /// Creates a table, on demand and with point-in-time recovery, unless it exists.
  /// - Returns: Whether it did not exist.
  /// - Throws: `remote`.
  public static func createTable(_ name: String, client: AWSClient) throws(StoreError) -> Bool {
    do throws(AWSError) {
      return try DynamoDBTable(client: client, name: name).create()
    } catch {
      throw StoreError(error)
    }
  }

  /// The commit whose outcome is unknown, or nil.
  public var closedBecause: String? { committer.closedBecause }

  /// Reads a record.
  ///
  /// One request, and one more for a value of more than 128 KiB.
  /// - Throws: `badKey`, `remote`.
  public func get(_ key: String) throws(StoreError) -> String? {
    let key = try Key(checking: key)
    do throws(AWSError) {
      let record = try records.record(key)
      if record.staged == nil { known.remember(record) }
      let version = try records.current(record)
      if let version { known.note(version.stamp) }
      return try records.value(of: version)
    } catch {
      throw StoreError(error)
    }
  }

  /// Takes a moment, and reads the records page by page.
  /// - Throws: `remote`.
  public func scan(_ range: KeyRange, reversed: Bool) throws(StoreError) -> any RecordCursor {
    do throws(AWSError) {
      return try ScanCursor(records, known, try cuts.take(), range, reversed: reversed)
    } catch {
      throw StoreError(error)
    }
  }

  /// Sends a transaction, and shares the request with other threads.
  /// - Throws: `badKey`, `badValue`; `remote` when nothing was changed; `closed`.
  public func commit(_ transaction: Transaction) throws(StoreError) -> Bool {
    try queue.commit(transaction)
  }

  /// Sends a transaction within about 5 ms.
  /// - Throws: `badKey`, `badValue`.
  public func commit(
    _ transaction: Transaction,
    then completion: @escaping @Sendable (Result<Bool, StoreError>) -> Void
  ) throws(StoreError) {
    try queue.commit(transaction, then: completion)
  }

  /// Sends transactions, as many with one request as have 97 records together.
  public func commit(each transactions: [Transaction]) -> [Result<Bool, StoreError>] {
    queue.commit(each: transactions)
  }

  /// Reads the number of changes of watched keys.
  ///
  /// One request.
  /// - Throws: `remote`.
  public func version() throws(StoreError) -> Int {
    do throws(AWSError) {
      return try records.table.get(records.layout.version)?.number("q") ?? 0
    } catch {
      throw StoreError(error)
    }
  }

  /// Follows the logs of all writers.
  /// - Throws: `remote`.
  public func changeStream() throws(StoreError) -> any ChangeStream {
    do throws(AWSError) { return try LogChangeStream(records, cuts) } catch {
      throw StoreError(error)
    }
  }

  /// Returns at once: what a process is told of by a file system is not in this store.
  public func waitForWriter() throws(StoreError) {}

  /// Removes the records that are not kept, and the log entries before the last compaction.
  /// - Throws: `remote`, `closed`.
  public func compact(keep: ((_ key: String, _ value: String) -> Bool)?) throws(StoreError) {
    try compaction.withLock { _ throws(StoreError) in
      do throws(AWSError) {
        let cut = try cuts.take()
        if let keep { try drop(at: cut) { !keep($0, $1) } }
        try LogCleaner(
          records: records, own: committer.writer.acknowledged?.writer, history: history
        )
        .clean(through: history == nil ? try cuts.take() : cut, now: Committer.now)
      } catch {
        throw StoreError(error)
      }
    }
  }

  /// Drops the records of a moment that are not wanted, if they have not been written since.
  private func drop(at cut: Cut, _ isUnwanted: (String, String) -> Bool) throws(AWSError) {
    var cursor = try ScanCursor(records, known, cut, .prefix(""))
    var unwanted: [Key: Stamp] = [:]
    while let (record, version) = try cursor.nextVersion() {
      guard let value = try records.value(of: version), isUnwanted(record.key.text, value) else {
        continue
      }
      unwanted[record.key] = version.stamp
    }
    guard !unwanted.isEmpty else { return }
    var outcome: Result<Void, AWSError> = .success(())
    committer.inTurn {
      outcome = Result { () throws(AWSError) in try committer.drop(unwanted) }
    }
    try outcome.get()
  }
}
