import Glibc

/// A change stream that reads the journals.
///
/// It keeps its current journal open, so that it can still read one that a compaction has removed.
struct JournalChangeStream: ChangeStream {
  private let directory: StoreDirectory
  private let watermark: CommitWatermark
  private var journal: (file: File, start: Int)?
  private var position: Int

  init(_ reader: SnapshotReader) throws(StoreError) {
    let snapshot = try reader.current()
    (directory, watermark) = (reader.directory, reader.watermark)
    (journal, position) = (snapshot.lastJournal, snapshot.end)
  }

  mutating func next() throws(StoreError) -> [Change] {
    var changes: [Change] = []
    // The next journal is opened before it has changes, so that a compaction cannot take it away.
    while position < watermark.end || (journal?.start ?? -1) < min(watermark.journal, position) {
      let before = position
      try read(into: &changes)
      if position == before { try openNextJournal() }
    }
    return changes
  }

  private mutating func read(into changes: inout [Change]) throws(StoreError) {
    guard let (file, start) = journal else { return }
    let mapping = try MappedFile(file, size: min(try file.size(), watermark.end - start))
    position = try mapping.withBytes { bytes throws(StoreError) in
      var position = position
      while true {
        switch CommitGroup.read(bytes, at: position - start, position: position) {
        case .end: return position
        case .broken(let offset): throw .damaged(file.path, offset, "a record is incomplete")
        case .group(let group):
          changes += group.records.map { Change($0.key, $0.entry) }
          position += group.size
        }
      }
    }
  }

  /// Continues in the journal that begins where the current one ends.
  private mutating func openNextJournal() throws(StoreError) {
    do {
      journal = (try directory.disk.open(directory.journal(position), .existing), position)
    } catch .unavailable(_, ENOENT, _) {
      throw .changesLost
    }
  }
}
