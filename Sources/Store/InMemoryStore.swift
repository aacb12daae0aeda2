import Dispatch
import Synchronization

/// A key-value store in the memory of this process, for tests and simulations.
///
/// It is durable as long as the process. `compact` also drops the changes before the previous one, which
/// the store otherwise keeps for change streams.
public final class InMemoryStore: KeyValueStore {
  /// A function that schedules a closure and returns before the closure runs.
  public typealias Executor = @Sendable (_ work: @escaping @Sendable () -> Void) -> Void

  fileprivate struct State {
    var entries = SortedMap<Entry>()
    /// The changes from a position on: the number of changes ever made before.
    var log: [(key: Key, entry: Entry)] = []
    var logStart = 0
    /// The position of the last compaction.
    var compactedAt = 0
    var version = 0

    var end: Int { logStart + log.count }
  }

  private let state = Mutex(State())
  private let compaction = Mutex(())
  private let watchedPrefixes: [[UInt8]]
  private let executor: Executor

  /// Creates an empty store.
  /// - Parameters:
  ///   - watched: The key prefixes of `version()`.
  ///   - executor: Runs the completions of commits, in order; by default a dispatch queue. A simulation
  ///     passes its own to make the order of completions deterministic.
  public init(watching watched: [String] = [], executor: Executor? = nil) {
    watchedPrefixes = watched.map { Array($0.utf8) }
    let queue = DispatchQueue(label: "meterbridge.store")
    self.executor = executor ?? { work in queue.async(execute: work) }
  }

  /// Always nil: memory does not fail.
  public var closedBecause: String? { nil }

  /// Looks up a key.
  /// - Throws: `badKey`.
  public func get(_ key: String) throws(StoreError) -> String? {
    let key = try Key(checking: key)
    return state.withLock { $0.entries[key]?.value }
  }

  /// Copies the records.
  public func scan(_ range: KeyRange, reversed: Bool) throws(StoreError) -> any RecordCursor {
    let entries = state.withLock { $0.entries }
    return try SnapshotCursor(entries, KeyBounds(range, reversed: reversed))
  }

  /// Applies a transaction.
  /// - Throws: `badKey`, `badValue`.
  public func commit(_ transaction: Transaction) throws(StoreError) -> Bool {
    try apply(try CheckedTransaction(transaction))
  }

  /// Applies a transaction at once, and schedules the completion.
  /// - Throws: `badKey`, `badValue`.
  public func commit(
    _ transaction: Transaction,
    then completion: @escaping @Sendable (Result<Bool, StoreError>) -> Void
  ) throws(StoreError) {
    let result = try apply(try CheckedTransaction(transaction))
    executor { completion(.success(result)) }
  }

  /// Applies transactions in order.
  public func commit(each transactions: [Transaction]) -> [Result<Bool, StoreError>] {
    transactions.map { transaction in
      Result { () throws(StoreError) in try commit(transaction) }
    }
  }

  /// Counts changes of watched keys, and compactions.
  public func version() throws(StoreError) -> Int { state.withLock { $0.version } }

  /// Follows the log of changes.
  public func changeStream() throws(StoreError) -> any ChangeStream {
    Stream(store: self, position: state.withLock { $0.end })
  }

  /// Returns at once: a commit is never under way.
  public func waitForWriter() throws(StoreError) {}

  /// Drops tombstones, records that are not kept, and old changes.
  public func compact(keep: ((_ key: String, _ value: String) -> Bool)?) throws(StoreError) {
    try compaction.withLock { _ throws(StoreError) in
      let (entries, end, compactedAt) = state.withLock { ($0.entries, $0.end, $0.compactedAt) }
      guard end > compactedAt || keep != nil else { return }
      var kept = SortedMap<Entry>()
      var cursor = try SnapshotCursor(entries, KeyBounds(.prefix(""), reversed: false))
      while let (key, entry) = try cursor.nextEntry() {
        if let value = entry.value, keep?(key.text, value) ?? true { kept.set(key, entry) }
      }
      state.withLock { $0.finishCompaction(kept, at: end) }
    }
  }

  // MARK: Private

  private func apply(_ transaction: CheckedTransaction) throws(StoreError) -> Bool {
    try state.withLock { state throws(StoreError) in
      guard try transaction.holds({ key in state.entries[key]?.value }) else { return false }
      for (key, entry) in transaction.changes {
        state.entries.set(key, entry)
        if key.begins(withAnyOf: watchedPrefixes) { state.version += 1 }
      }
      state.log += transaction.changes
      return true
    }
  }

  private struct Stream: ChangeStream {
    let store: InMemoryStore
    var position: Int

    mutating func next() throws(StoreError) -> [Change] {
      let entries = try store.state.withLock { state throws(StoreError) in
        guard position >= state.logStart else { throw .changesLost }
        return Array(state.log[(position - state.logStart)...])
      }
      position += entries.count
      return entries.map { Change($0.key, $0.entry) }
    }
  }
}

extension InMemoryStore.State {
  /// Replaces the entries by those that were kept at a position, and repeats the changes since.
  fileprivate mutating func finishCompaction(_ kept: SortedMap<Entry>, at position: Int) {
    let later = log[(position - logStart)...]
    entries = kept
    for (key, entry) in later { entries.set(key, entry) }
    log.removeFirst(compactedAt - logStart)
    logStart = compactedAt
    compactedAt = position
    version += 1
  }
}
