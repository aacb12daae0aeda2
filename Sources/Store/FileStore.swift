import Synchronization

/// A key-value store in a directory of text files.
///
/// Many threads can use one `FileStore`, and many processes one directory on a local file system.
///
/// To copy a store, copy all files but `lock` while no process writes.
public final class FileStore: KeyValueStore {
  private let reader: SnapshotReader
  private let writer: JournalWriter
  private let compactor: Compactor
  let committer: CommitQueue<JournalCommitter>

  /// Opens a store, and creates it if it does not exist.
  /// - Parameters:
  ///   - path: The directory. A new one has mode 0700, and its files have mode 0600.
  ///   - disk: The disk to write to.
  ///   - compactAt: The size of the journals in bytes at which they are merged into the table in the
  ///     background, if they also have an eighth of its size.
  ///   - watched: The key prefixes of `version()`.
  /// - Throws: `damaged` when an acknowledged record cannot be read; `unavailable`.
  public init(
    at path: String, disk: any Disk = LocalDisk(), compactAt: Int = 8 << 20,
    watching watched: [String] = []
  ) throws(StoreError) {
    let disk = FailStopDisk(disk)
    let directory = StoreDirectory(path: path, disk: disk)
    try disk.makeDirectory(path)
    let lock = InterProcessLock(try disk.open(directory.lock, .create))
    let compactionLock = InterProcessLock(try disk.open(directory.compactionLock, .create))
    let (watermark, snapshot, notice) = try lock.withLock { () throws(StoreError) in
      let watermark = try CommitWatermark(lock.file, disk)
      var (snapshot, notice) = try Recovery(directory: directory, watermark: watermark).recover()
      snapshot.watchedPrefixes = watched.map { Array($0.utf8) }
      return (watermark, snapshot, notice)
    }
    _ = try compactionLock.withLockIfAvailable { () throws(StoreError) in
      try directory.removeFiles(before: snapshot.tablePosition)
    }
    reader = SnapshotReader(directory, watermark, snapshot)
    writer = JournalWriter(reader, disk, lock, notice)
    compactor = Compactor(writer, compactionLock, threshold: compactAt)
    committer = CommitQueue(
      JournalCommitter(writer: writer, compactor: compactor), label: "meterbridge.store")
  }

  /// The maintenance since the store was opened, in order.
  public var notices: [MaintenanceNotice] { writer.notices.withLock { $0 } }

  /// The failed sync after which the content of the disk is unknown, or nil.
  public var closedBecause: String? { writer.disk.failure }

  /// Looks up a key in the journals, then in the table.
  /// - Throws: `badKey`, `damaged`, `unavailable`.
  public func get(_ key: String) throws(StoreError) -> String? {
    try reader.get(try Key(checking: key))
  }

  /// Merges the table and the journals.
  /// - Throws: `damaged`, `unavailable`.
  public func scan(_ range: KeyRange, reversed: Bool) throws(StoreError) -> any RecordCursor {
    try SnapshotCursor(reader.current(), KeyBounds(range, reversed: reversed))
  }

  /// Appends a transaction to the journal, and shares the sync with other threads.
  /// - Throws: `badKey`, `badValue`, `unavailable`, `closed`, `damaged`.
  public func commit(_ transaction: Transaction) throws(StoreError) -> Bool {
    try committer.commit(transaction)
  }

  /// Appends a transaction to the journal within about 5 ms.
  /// - Throws: `badKey`, `badValue`.
  public func commit(
    _ transaction: Transaction,
    then completion: @escaping @Sendable (Result<Bool, StoreError>) -> Void
  ) throws(StoreError) {
    try committer.commit(transaction, then: completion)
  }

  /// Appends transactions to the journal as one group.
  public func commit(each transactions: [Transaction]) -> [Result<Bool, StoreError>] {
    committer.commit(each: transactions)
  }

  /// Counts changes of watched keys, and new tables.
  /// - Throws: `damaged`, `unavailable`.
  public func version() throws(StoreError) -> Int { try reader.version() }

  /// Follows the journals, including those of other processes.
  /// - Throws: `damaged`, `unavailable`.
  public func changeStream() throws(StoreError) -> any ChangeStream {
    try JournalChangeStream(reader)
  }

  /// Waits for the lock of the writer.
  /// - Throws: `unavailable`.
  public func waitForWriter() throws(StoreError) { try writer.lock.withLock {} }

  /// Merges the journals into a new table.
  /// - Throws: `unavailable`, `closed`, `damaged`.
  public func compact(keep: ((_ key: String, _ value: String) -> Bool)?) throws(StoreError) {
    try compactor.compact(keep: keep)
  }

  /// Verifies every line of the table and the journals.
  /// - Returns: The damage that was found, which is not thrown.
  /// - Throws: `unavailable`.
  public func verify() throws(StoreError) -> VerificationReport {
    try Verifier.verify(reader.directory)
  }

  /// Verifies every line of a store that may be too damaged to open.
  /// - Returns: The damage that was found, which is not thrown.
  /// - Throws: `unavailable`.
  public static func verify(
    at path: String, disk: any Disk = LocalDisk(), progress: (_ bytes: Int) -> Void = { _ in }
  ) throws(StoreError) -> VerificationReport {
    try Verifier.verify(StoreDirectory(path: path, disk: disk), progress)
  }
}
