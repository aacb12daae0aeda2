import Glibc

extension View {
  /// Brings the view to where the mark is, reading on from where it was: other processes, or
  /// other threads, may have written, begun a new journal, or published a new table.
  mutating func catchUp(_ folder: Folder, _ mark: Mark) throws(StoreError) {
    while true {
      try adopt(mark.table, folder, mark)
      let newest = mark.journal
      let target = mark.end
      do {
        while end < target || (journal?.start ?? -1) < min(newest, end) {
          if try !readOn(to: target) {
            segments.append(try Segment(folder, start: end))
          }
        }
        return
      } catch .unavailable(_, ENOENT, let path) {
        // A compaction that has ended since has removed that journal; its table holds all of it.
        guard mark.table > base else {
          throw .damaged(path, 0, "it, or the end of the journal before it, is not there")
        }
      }
    }
  }

  /// Reads the next group, if the last journal has one before a position.
  /// - Returns: Whether it has.
  private mutating func readOn(to target: Int) throws(StoreError) -> Bool {
    guard let last = journal, end < target else { return false }
    let size = min(try last.file.size(), target - last.start)
    let offset = end - last.start
    guard size > offset else { return false }
    let former = end
    switch try read(to: size) {
    case .nothing: return end > former
    case .broken(let offset): throw .damaged(last.file.path, offset, "a record is not whole")
    case .group: return true
    }
  }

  /// Reads groups of the last journal up to a size of its file.
  /// - Returns: What ended it: nothing more, or a broken place.
  mutating func read(to size: Int) throws(StoreError) -> Group.Found {
    guard let last = journal else { return .nothing }
    let start = last.start
    let mapping = try Mapping(last.file, size: size)
    return try mapping.read { bytes throws(StoreError) in
      while true {
        let found = Group.read(bytes, at: end - start, position: end)
        guard case .group(let group) = found else { return found }
        add(group.records, size: group.size)
      }
    }
  }

  /// Takes a newer table, and forgets the journals it has in it.
  private mutating func adopt(
    _ position: Int, _ folder: Folder, _ mark: Mark
  ) throws(StoreError) {
    guard position > base else { return }
    do {
      table = try Table(folder, position: position)
    } catch .unavailable(_, ENOENT, let path) {
      // A still newer one has replaced it, and the mark says so by now.
      guard mark.table > position else { throw .damaged(path, 0, "the table is not there") }
      return try adopt(mark.table, folder, mark)
    }
    version += 1
    segments.removeAll { $0.start < position }
    end = max(end, position)
  }
}
