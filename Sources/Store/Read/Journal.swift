/// A journal file, and the entries read from it so far.
struct Journal: Sendable {
  /// The position at which it begins.
  let start: Int
  let file: File
  var entries = SortedMap<Entry>()

  init(_ directory: StoreDirectory, start: Int, _ mode: OpenMode = .existing) throws(StoreError) {
    self.start = start
    file = try directory.disk.open(directory.journal(start), mode)
  }
}
