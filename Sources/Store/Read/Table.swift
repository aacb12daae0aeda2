/// A file of records sorted by key, one per line, with a binary search over lines (as look(1)).
///
/// A lookup verifies the checksum of the line that it finds. If it finds none, it repeats the search
/// and verifies each line on its path, since a damaged line can misdirect it.
final class Table: Sendable {
  /// The journal position up to which the table contains everything.
  let position: Int
  let path: String
  /// The offset of the last line, which is the size of the records in bytes.
  let end: Int
  /// The number of records, as the last line states it.
  let records: Int
  /// The checksum of all records, as the last line states it.
  let checksum: Int
  private let mapping: MappedFile

  /// Opens a table, and verifies its last line only.
  init(_ directory: StoreDirectory, position: Int) throws(StoreError) {
    let file = try directory.disk.open(directory.table(position), .existing)
    let size = try file.size()
    mapping = try MappedFile(file, size: size)
    self.position = position
    path = file.path
    (end, records, checksum) = try mapping.withBytes { bytes throws(StoreError) in
      let end = bytes.startOfLine(at: max(size - 1, 0))
      guard let line = Line(in: bytes, at: end), line.kind == .end, let numbers = line.numbers(),
        numbers.count == 4, numbers[0] == position, numbers[2] == end
      else { throw .damaged(file.path, end, "the last line of the table is missing or invalid") }
      return (end, numbers[1], numbers[3])
    }
  }

  /// The value of a key, or nil.
  func value(of key: Key) throws(StoreError) -> String? {
    let found = try search(key)
    guard found.isHit else { return nil }
    guard let value = try line(at: found.offset).value else { throw damage(at: found.offset) }
    return value
  }

  /// The offset of the first record that is not below a key.
  func offset(of key: Key) throws(StoreError) -> Int {
    try search(key).offset
  }

  /// The record at an offset, and the offset of the next.
  func record(at offset: Int) throws(StoreError) -> (key: Key, entry: Entry, next: Int) {
    let line = try line(at: offset)
    guard let record = line.record() else { throw damage(at: offset) }
    return (record.key, record.entry, line.next)
  }

  /// The verified line at an offset, and all its bytes, valid for the lifetime of the table.
  func verifiedLine(at offset: Int) throws(StoreError) -> (
    line: Line, bytes: UnsafeRawBufferPointer
  ) {
    let line = try line(at: offset)
    guard line.key.count < line.content.count else { throw damage(at: offset) }
    return (line, UnsafeRawBufferPointer(rebasing: mapping.bytes[offset..<line.next]))
  }

  /// The offset of the record before one.
  func offset(before offset: Int) -> Int {
    mapping.bytes.startOfLine(at: offset - 1)
  }

  func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try body(UnsafeRawBufferPointer(rebasing: mapping.bytes[..<end]))
  }

  // MARK: Private

  private func line(at offset: Int) throws(StoreError) -> Line {
    guard let line = Line(in: mapping.bytes, at: offset), line.kind == .put else {
      throw damage(at: offset)
    }
    return line
  }

  private func damage(at offset: Int) -> StoreError {
    .damaged(path, offset, "the line does not match its checksum")
  }

  private func search(_ key: Key) throws(StoreError) -> (offset: Int, isHit: Bool) {
    let found = try search(key, verifies: false)
    return found.isHit ? found : try search(key, verifies: true)
  }

  private func search(
    _ key: Key, verifies: Bool
  ) throws(StoreError) -> (offset: Int, isHit: Bool) {
    var low = 0
    var high = end
    while low < high {
      let start = mapping.bytes.startOfLine(at: (low + high) / 2)
      if verifies { _ = try line(at: start) }
      let difference = compare(lineAt: start, key)
      if difference == 0 { return (start, true) }
      if difference < 0 {
        low = mapping.bytes.endOfLine(from: start) + 1
      } else {
        high = start
      }
    }
    return (low, false)
  }

  /// Compares the key of a line with another key.
  private func compare(lineAt start: Int, _ wanted: Key) -> Int {
    let begin = min(start + Line.prefixSize, end)
    // The tab after a key is below all bytes of keys, so the longer key is the greater.
    let common = min(wanted.bytes.count, mapping.bytes.count - begin)
    let key = UnsafeRawBufferPointer(rebasing: mapping.bytes[begin..<begin + common])
    let difference = wanted.bytes.withUnsafeBytes { compareBytes(key, $0) }
    guard difference == 0, begin + common < mapping.bytes.count else { return difference }
    return Int(mapping.bytes[begin + common]) - Int(tab)
  }
}
