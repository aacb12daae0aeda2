/// A table in the making.
struct Draft {
  /// How many bytes are gathered before they are written.
  private static let stretch = 1 << 20
  /// How many bytes are written before they are synced: all at once at the end, they would hold up
  /// those who wait for a sync of the journal.
  private static let step = 4 << 20

  private let disk: any Disk
  private let file: File
  private var lines = Lines()
  private var offset = 0
  private var synced = 0
  private var records = 0
  private var checksum = Checksum()

  init(_ folder: Folder) throws(StoreError) {
    disk = folder.disk
    file = try disk.open(folder.draft, .emptied)
  }

  /// Adds a record; its key comes after all those before it.
  mutating func add(_ key: Key, _ value: String) throws(StoreError) {
    lines.add(key, .value(value))
    if lines.bytes.count >= Self.stretch { try flush() }
  }

  /// Adds a record as the line that it was in another table.
  mutating func add(_ line: UnsafeRawBufferPointer) throws(StoreError) {
    lines.add(line)
    if lines.bytes.count >= Self.stretch { try flush() }
  }

  /// Adds the last line, and makes all durable.
  mutating func finish(position: Int) throws(StoreError) {
    try flush()
    lines.add(.end, numbers: [position, records, offset, Int(checksum.value)])
    try disk.write(all: lines.bytes, to: file, at: offset)
    try disk.sync(file)
  }

  // MARK: Private

  private mutating func flush() throws(StoreError) {
    try disk.write(all: lines.bytes, to: file, at: offset)
    lines.bytes.withUnsafeBytes { checksum.add($0) }
    offset += lines.bytes.count
    records += lines.records
    lines.clear()
    guard offset - synced >= Self.step else { return }
    try disk.sync(file)
    synced = offset
  }
}
