/// A journal, as far as it was read: what it says of each key.
struct Segment: Sendable {
  /// The position at which it begins.
  let start: Int
  let file: File
  var entries = SortedMap<Entry>()

  init(_ folder: Folder, start: Int, _ opening: Opening = .existing) throws(StoreError) {
    self.start = start
    file = try folder.disk.open(folder.journal(start), opening)
  }
}
