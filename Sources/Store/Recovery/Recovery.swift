/// Determines the content of a store when it is opened, after any crash.
///
/// | State | Cause | Action |
/// |---|---|---|
/// | no journal and no table | new store, or a crash during its creation | create `journal.0` |
/// | the journal ends with newlines | preallocated space | overwrite them |
/// | the journal ends with a part of a group | crash during a write, or power loss | truncate and report |
/// | complete groups after the watermark | crash before the sync, or power loss | rewrite, sync and keep |
/// | a broken group before the watermark or before a complete group | disk fault | refuse as damaged |
/// | an empty `journal.P`, the journal before it ends at P | crash, or start of a compaction | use it |
/// | an empty `journal.P`, the journal before it exceeds P | crash before its name was durable | remove |
/// | `journal.P` with groups, no journal ends at P | disk fault | refuse as damaged |
/// | `draft` | crash during a compaction | remove |
/// | `table.P`, with tables and journals before P | crash at the end of a compaction | remove those |
/// | `table.P` without `journal.P` | disk fault: the journal was durable first | refuse as damaged |
///
/// The store consists of the newest table and the chain of journals from the position of the table
/// on, each of which begins where the previous one ends. No other file lists them.
struct Recovery {
  let directory: StoreDirectory
  let watermark: CommitWatermark

  /// Returns everything that was acknowledged, durable, and a notice if a torn tail was truncated.
  ///
  /// Requires the lock.
  /// - Throws: `damaged`, `unavailable`.
  func recover() throws(StoreError) -> (snapshot: Snapshot, notice: MaintenanceNotice?) {
    let (tables, journals) = try directory.list()
    var snapshot = Snapshot(end: tables.last ?? 0)
    if let newest = tables.last { snapshot.table = try Table(directory, position: newest) }
    if tables.isEmpty, journals.isEmpty, watermark.end == 0 {
      snapshot.journals.append(try Journal(directory, start: 0, .create))
    }
    try readChain(of: journals, &snapshot)
    // A name can be visible to this process before it is durable.
    try directory.disk.syncDirectory(directory.path)
    let notice = try snapshot.repairTail(directory.disk, watermark, isThorough: true)
    watermark.journal = snapshot.lastJournal?.start ?? snapshot.end
    watermark.table = snapshot.tablePosition
    return (snapshot, notice)
  }

  /// Reads the journals, each from the end of the previous one.
  private func readChain(of journals: [Int], _ snapshot: inout Snapshot) throws(StoreError) {
    var result = CommitGroup.ReadResult.end
    while snapshot.lastJournal?.start != snapshot.end, journals.contains(snapshot.end) {
      let journal = try Journal(directory, start: snapshot.end)
      snapshot.journals.append(journal)
      result = try snapshot.read(to: try journal.file.size())
    }
    guard let last = snapshot.lastJournal else {
      throw .damaged(directory.journal(snapshot.end), 0, "the journal is missing")
    }
    for start in journals where start > last.start {
      let stray = try Journal(directory, start: start).file
      let mapping = try MappedFile(stray, size: try stray.size())
      guard try mapping.withBytes({ !$0.isBlank(from: 0) }) else {
        try directory.disk.remove(stray.path)
        continue
      }
      var offset = snapshot.end - last.start
      if case .broken(let place) = result { offset = place }
      throw .damaged(
        last.file.path, offset, "the next journal begins at byte \(start - last.start)")
    }
  }
}
