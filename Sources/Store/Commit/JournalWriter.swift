import Synchronization

/// The end of the journals, to which one thread of one process writes at a time.
final class JournalWriter: Sendable {
  let reader: SnapshotReader
  let disk: FailStopDisk
  let lock: InterProcessLock
  let notices: Mutex<[MaintenanceNotice]>

  init(
    _ reader: SnapshotReader, _ disk: FailStopDisk, _ lock: InterProcessLock,
    _ notice: MaintenanceNotice?
  ) {
    self.reader = reader
    self.disk = disk
    self.lock = lock
    notices = Mutex(notice.map { [$0] } ?? [])
  }

  /// Reads the commits of others, and repairs the end of the journal if its writer died.
  ///
  /// Requires the lock.
  func prepare() throws(StoreError) {
    try disk.requireUsable()
    let notice = try reader.snapshot.withLock { snapshot throws(StoreError) in
      try snapshot.catchUp(reader.directory, reader.watermark)
      return try snapshot.repairTail(disk, reader.watermark, isThorough: false)
    }
    if let notice { notices.withLock { $0.append(notice) } }
  }

  /// Writes a group at the end of the journal, syncs it, and then makes it visible.
  ///
  /// Requires the lock and `prepare`.
  func append(
    _ lines: LineBuffer, _ records: [(key: Key, entry: Entry)]
  ) throws(StoreError) {
    let (journal, end) = reader.snapshot.withLock { ($0.lastJournal, $0.end) }
    guard let (file, start) = journal else { return }
    let bytes = CommitGroup.bytes(of: lines, position: end)
    let used = end - start + bytes.count
    do {
      let space = try file.size() < used ? Self.preallocation(after: used) : 0
      let blank = [UInt8](repeating: newline, count: space)
      try disk.write(all: space == 0 ? bytes : bytes + blank, to: file, at: end - start)
    } catch {
      // A failed write must leave nothing.
      do { try disk.truncate(file, to: end - start) } catch { disk.fail(error) }
      throw error
    }
    try disk.sync(file)
    reader.snapshot.withLock { snapshot in
      snapshot.append(records, size: bytes.count)
      reader.versionCache.update(from: snapshot)
      reader.watermark.end = snapshot.end
    }
  }

  /// The number of newlines to write after a number of used bytes: as many again, up to 1 MiB and the
  /// end of a page; none in a short journal.
  ///
  /// Overwriting existing bytes takes the disk one write, extending a file takes several: 0.3 ms and
  /// 4 ms for 100 KB. The bytes are newlines because grep treats a file with zeros as binary.
  private static func preallocation(after used: Int) -> Int {
    guard used >= 64 << 10 else { return 0 }
    let page = 4096
    let end = used + min(used, 1 << 20)
    return (end + page - 1) / page * page - used
  }
}
