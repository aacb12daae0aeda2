/// Writes a table to the draft file.
struct TableWriter {
  /// The number of bytes that are collected for one write.
  private static let bufferSize = 1 << 20
  /// The number of bytes that are written between two syncs.
  ///
  /// A single sync at the end would delay the syncs of the journal.
  private static let syncInterval = 4 << 20

  private let disk: any Disk
  private let file: File
  private var lines = LineBuffer()
  private var offset = 0
  private var synced = 0
  private var records = 0
  private var checksum = Checksum()

  init(_ directory: StoreDirectory) throws(StoreError) {
    disk = directory.disk
    file = try disk.open(directory.draft, .truncate)
  }

  /// Adds a record, whose key follows all previous keys.
  mutating func add(_ key: Key, _ value: String) throws(StoreError) {
    lines.add(key, .value(value))
    if lines.bytes.count >= Self.bufferSize { try flush() }
  }

  /// Adds the line of a record of another table.
  mutating func add(_ line: UnsafeRawBufferPointer) throws(StoreError) {
    lines.add(line)
    if lines.bytes.count >= Self.bufferSize { try flush() }
  }

  /// Adds the last line, and syncs the file.
  mutating func finish(position: Int) throws(StoreError) {
    try flush()
    lines.add(.end, numbers: [position, records, offset, Int(checksum.value)])
    try disk.write(all: lines.bytes, to: file, at: offset)
    try disk.sync(file)
  }

  private mutating func flush() throws(StoreError) {
    try disk.write(all: lines.bytes, to: file, at: offset)
    lines.bytes.withUnsafeBytes { checksum.add($0) }
    offset += lines.bytes.count
    records += lines.records
    lines.removeAll()
    guard offset - synced >= Self.syncInterval else { return }
    try disk.sync(file)
    synced = offset
  }
}
