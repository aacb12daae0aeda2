import Glibc

extension Snapshot {
  /// Reads on to the watermark: other threads or processes may have written, started a new journal, or
  /// published a new table.
  mutating func catchUp(
    _ directory: StoreDirectory, _ watermark: CommitWatermark
  ) throws(StoreError) {
    while true {
      try adoptTable(watermark.table, directory, watermark)
      let newest = watermark.journal
      let target = watermark.end
      do {
        while end < target || (lastJournal?.start ?? -1) < min(newest, end) {
          if try !readOn(to: target) {
            journals.append(try Journal(directory, start: end))
          }
        }
        return
      } catch .unavailable(_, ENOENT, let path) {
        // A compaction that has ended since has removed the journal; its table contains everything.
        guard watermark.table > tablePosition else {
          throw .damaged(path, 0, "the file, or the end of the journal before it, is missing")
        }
      }
    }
  }

  /// Reads groups of the last journal up to a position.
  /// - Returns: Whether there was any.
  private mutating func readOn(to target: Int) throws(StoreError) -> Bool {
    guard let last = lastJournal, end < target else { return false }
    let size = min(try last.file.size(), target - last.start)
    guard size > end - last.start else { return false }
    let previous = end
    switch try read(to: size) {
    case .end: return end > previous
    case .broken(let offset): throw .damaged(last.file.path, offset, "a record is incomplete")
    case .group: return true
    }
  }

  /// Reads groups of the last journal up to a size of its file.
  /// - Returns: The reason to stop: the end, or a broken group.
  mutating func read(to size: Int) throws(StoreError) -> CommitGroup.ReadResult {
    guard let last = lastJournal else { return .end }
    let start = last.start
    return try MappedFile(last.file, size: size).withBytes { bytes throws(StoreError) in
      while true {
        let result = CommitGroup.read(bytes, at: end - start, position: end)
        guard case .group(let group) = result else { return result }
        append(group.records, size: group.size)
      }
    }
  }

  /// Replaces the table by a newer one, and drops the journals that it contains.
  private mutating func adoptTable(
    _ position: Int, _ directory: StoreDirectory, _ watermark: CommitWatermark
  ) throws(StoreError) {
    guard position > tablePosition else { return }
    do {
      table = try Table(directory, position: position)
    } catch .unavailable(_, ENOENT, let path) {
      // A newer table has replaced it, and the watermark states that by now.
      guard watermark.table > position else { throw .damaged(path, 0, "the table is missing") }
      return try adoptTable(watermark.table, directory, watermark)
    }
    version += 1
    journals.removeAll { $0.start < position }
    end = max(end, position)
  }
}
