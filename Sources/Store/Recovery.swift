/// Finds what a store holds when it is opened, whatever its last writers died of.
///
/// | state | how it came about | what is done |
/// |---|---|---|
/// | no journal, no table | never opened, or died at it | `journal.0` is made |
/// | journal ends in newlines | room for more | written over |
/// | journal ends in a part of a group, nothing after it | died while writing, or power loss | cut off, and noted |
/// | whole groups after the mark | died before the sync, or power loss | written again, synced, kept |
/// | a broken place before the mark, or before a whole group | the disk | refused as damage |
/// | empty `journal.P`, the one before it ends at P | died, or compaction began | written to |
/// | empty `journal.P`, the one before it goes on past P | its name was not made durable, so it was not used | removed |
/// | `journal.P` with groups, none ends at P | the disk | refused as damage |
/// | `draft` | a compaction died | removed |
/// | `table.P`, and journals and tables before P | a compaction died before it swept | they are removed |
/// | `table.P`, no `journal.P` | the disk: the journal's name was made durable first | refused as damage |
///
/// The newest table and the journals that begin where the former ends, from the table's position
/// on, are all of the store: nothing else says what belongs to it.
struct Recovery {
  let folder: Folder
  let mark: Mark

  /// The whole store, with all that was acknowledged durable.
  ///
  /// Wants the lock.
  func recover() throws(StoreError) -> (view: View, note: Note?) {
    let (tables, journals) = try folder.list()
    var view = View(end: tables.last ?? 0)
    if let newest = tables.last { view.table = try Table(folder, position: newest) }
    let isNew = tables.isEmpty && journals.isEmpty && mark.end == 0
    if isNew { view.segments.append(try Segment(folder, start: 0, .made)) }
    try follow(journals, &view)
    // A name may have been seen by this process and yet not be on the disk.
    try folder.disk.syncDirectory(folder.path)
    let note = try view.settle(folder.disk, mark, isThorough: true)
    mark.journal = view.journal?.start ?? view.end
    mark.table = view.base
    return (view, note)
  }

  // MARK: Private

  /// Reads the journals, each from where the former ends.
  private func follow(_ journals: [Int], _ view: inout View) throws(StoreError) {
    var ending = Group.Found.nothing
    while view.journal?.start != view.end, journals.contains(view.end) {
      let segment = try Segment(folder, start: view.end)
      view.segments.append(segment)
      ending = try view.read(to: try segment.file.size())
    }
    guard let last = view.journal else {
      throw .damaged(folder.journal(view.end), 0, "the journal is not there")
    }
    for start in journals where start > last.start {
      let stray = try Segment(folder, start: start).file
      let mapping = try Mapping(stray, size: try stray.size())
      guard try mapping.read({ !isBlank($0, from: 0) }) else {
        try folder.disk.remove(stray.path)
        continue
      }
      var offset = view.end - last.start
      if case .broken(let place) = ending { offset = place }
      throw .damaged(last.file.path, offset, "the next journal begins at \(start - last.start)")
    }
  }
}
