/// A sorted file, one record a line, searched by bisection as look(1) does.
///
/// A lookup that finds its line checks that line. One that finds none checks all the lines it was
/// led by, since any of them, damaged, could have led it astray.
final class Table: Sendable {
  /// The position in the journals up to which it holds all.
  let position: Int
  let path: String
  /// Where the records end and the last line begins.
  let end: Int
  /// How many records it says it has.
  let records: Int
  /// What it says is the checksum of all its records' lines.
  let checksum: Int
  private let mapping: Mapping

  /// Opens a table; only its last line is read and checked.
  init(_ folder: Folder, position: Int) throws(StoreError) {
    let file = try folder.disk.open(folder.table(position), .existing)
    let size = try file.size()
    mapping = try Mapping(file, size: size)
    self.position = position
    path = file.path
    (end, records, checksum) = try mapping.read { bytes throws(StoreError) in
      let end = startOfLine(in: bytes, at: max(size - 1, 0))
      guard let line = Line(in: bytes, at: end), line.kind == .end, let numbers = line.numbers(),
        numbers.count == 4, numbers[0] == position, numbers[2] == end
      else { throw .damaged(folder.table(position), end, "the table's last line is not there") }
      return (end, numbers[1], numbers[3])
    }
  }

  /// How many bytes it has, without the last line.
  var size: Int { end }

  /// The value of a key; nil when it has none.
  func value(_ key: Key) throws(StoreError) -> String? {
    let found = try search(key)
    guard found.isHit else { return nil }
    guard let value = try line(at: found.offset).value else { throw damage(at: found.offset) }
    return value
  }

  /// Where the first record begins that is not below a key.
  func offset(of key: Key) throws(StoreError) -> Int {
    try search(key).offset
  }

  /// The record whose line begins at an offset.
  func record(at offset: Int) throws(StoreError) -> (key: Key, entry: Entry, next: Int) {
    let line = try line(at: offset)
    guard let record = line.record() else { throw damage(at: offset) }
    return (record.key, record.entry, line.next)
  }

  /// The line of a record that begins at an offset, and its bytes, newline and all: good for as long
  /// as the table.
  func goodLine(at offset: Int) throws(StoreError) -> (line: Line, bytes: UnsafeRawBufferPointer) {
    let line = try line(at: offset)
    guard line.key.count < line.content.count else { throw damage(at: offset) }
    return (line, UnsafeRawBufferPointer(rebasing: mapping.bytes[offset..<line.next]))
  }

  /// Where the line begins that ends before an offset above zero.
  func offset(before offset: Int) -> Int {
    startOfLine(in: mapping.bytes, at: offset - 1)
  }

  /// Lends the bytes of all records.
  func read<Result>(
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
    let quick = try search(key, isChecking: false)
    return quick.isHit ? quick : try search(key, isChecking: true)
  }

  private func search(
    _ key: Key, isChecking: Bool
  ) throws(StoreError) -> (offset: Int, isHit: Bool) {
    var low = 0
    var high = end
    while low < high {
      let start = startOfLine(in: mapping.bytes, at: (low + high) / 2)
      if isChecking { _ = try line(at: start) }
      let difference = compare(lineAt: start, key)
      if difference == 0 { return (start, true) }
      if difference < 0 {
        low = endOfLine(in: mapping.bytes, from: start) + 1
      } else {
        high = start
      }
    }
    return (low, false)
  }

  /// Below, at or above zero as a line's key comes before, is, or comes after another.
  private func compare(lineAt start: Int, _ wanted: Key) -> Int {
    let begin = min(start + Line.head, end)
    // No key has a byte as low as the tab that ends one: the longer is the higher.
    let common = min(wanted.bytes.count, mapping.bytes.count - begin)
    let stretch = UnsafeRawBufferPointer(rebasing: mapping.bytes[begin..<begin + common])
    let difference = wanted.bytes.withUnsafeBytes { order(stretch, $0) }
    guard difference == 0, begin + common < mapping.bytes.count else { return difference }
    return Int(mapping.bytes[begin + common]) - Int(tab)
  }
}
