import Dispatch
import Synchronization

/// Merges the journals into a new table, while others read and write.
final class Compactor: Sendable {
  private let writer: JournalWriter
  private let lock: InterProcessLock
  /// The size of the journals in bytes at which a background compaction starts.
  private let threshold: Int
  /// The position at which this process last started a background compaction.
  private let startedAt = Atomic<Int>(0)

  private var reader: SnapshotReader { writer.reader }
  private var directory: StoreDirectory { writer.reader.directory }

  init(_ writer: JournalWriter, _ lock: InterProcessLock, threshold: Int) {
    self.writer = writer
    self.lock = lock
    self.threshold = threshold
  }

  func compact(keep: ((_ key: String, _ value: String) -> Bool)?) throws(StoreError) {
    try lock.withLock { () throws(StoreError) in try merge(keep) }
  }

  /// Starts a background compaction if the journals have grown by the threshold and by an eighth of the
  /// table since the last compaction or attempt.
  func compactIfDue() {
    let (end, table, size) = reader.snapshot.withLock {
      ($0.end, $0.tablePosition, $0.table?.end ?? 0)
    }
    let started = startedAt.load(ordering: .relaxed)
    guard end - max(table, started) >= max(threshold, size / 8),
      startedAt.compareExchange(expected: started, desired: end, ordering: .relaxed).exchanged
    else { return }
    DispatchQueue.global(qos: .utility).async { [self] in
      do throws(StoreError) {
        _ = try lock.withLockIfAvailable { () throws(StoreError) in try merge(nil) }
        HeapTrimmer.trimWhenIdle()  // The entries of the journals were in memory.
      } catch {
        writer.notices.withLock { $0.append(.compactionFailed(error)) }
      }
    }
  }

  private func merge(_ keep: ((String, String) -> Bool)?) throws(StoreError) {
    guard let old = try rotate(evenIfEmpty: keep != nil) else { return }
    try writeDraft(of: old, keep)
    try writer.lock.withLock { () throws(StoreError) in
      try writer.disk.requireUsable()
      try writer.disk.renameDurably(directory.draft, to: directory.table(old.end))
      reader.watermark.table = old.end
    }
    _ = try reader.current()
    try directory.removeFiles(before: old.end)
  }

  /// Starts a new journal for all writers.
  /// - Returns: Everything before it; nil if the table contains that already.
  private func rotate(evenIfEmpty: Bool) throws(StoreError) -> Snapshot? {
    try writer.lock.withLock { () throws(StoreError) -> Snapshot? in
      try writer.prepare()
      var old = try reader.current()
      guard old.end > old.tablePosition || evenIfEmpty else { return nil }
      // Two tables cannot have the same position.
      if old.end == old.tablePosition { try writer.append(LineBuffer(), []) }
      old = try reader.current()
      guard old.lastJournal?.start != old.end else { return old }
      let journal = try Journal(directory, start: old.end, .create)
      do throws(StoreError) {
        try writer.disk.syncDirectory(directory.path)
      } catch {
        _ = try? writer.disk.remove(journal.file.path)  // Otherwise recovery removes it.
        throw error
      }
      reader.snapshot.withLock { $0.journals.append(journal) }
      reader.watermark.journal = old.end
      return old
    }
  }

  /// Writes the table of a snapshot to the draft, and syncs it.
  private func writeDraft(
    of old: Snapshot, _ keep: ((String, String) -> Bool)?
  ) throws(StoreError) {
    do {
      var table = try TableWriter(directory)
      var merge = try TableMerge(old, keep)
      try merge.write(to: &table)
      try table.finish(position: old.end)
    } catch {
      // The next compaction overwrites the draft, so it only takes space if it remains.
      _ = try? writer.disk.remove(directory.draft)
      throw error
    }
  }
}
