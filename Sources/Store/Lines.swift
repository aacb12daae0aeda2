/// Lines in the making: the bytes of a group of the journal, or a stretch of a table.
struct Lines {
  private(set) var bytes: [UInt8] = []
  /// How many records are among the lines.
  private(set) var records = 0

  mutating func add(_ key: Key, _ entry: Entry) {
    records += 1
    switch entry {
    case .removed: add(.remove) { $0 += key.bytes }
    case .value(let value):
      add(.put) { line in
        line += key.bytes
        line.append(tab)
        line += value.utf8
      }
    }
  }

  /// Adds a record that is a line already.
  mutating func add(_ line: UnsafeRawBufferPointer) {
    records += 1
    bytes += line
  }

  mutating func add(_ kind: Line.Kind, numbers: [Int]) {
    add(kind) { $0 += numbers.map(String.init).joined(separator: " ").utf8 }
  }

  /// Makes room for more bytes, so that what is there need not be moved as they come.
  mutating func reserve(_ more: Int) { bytes.reserveCapacity(bytes.count + more) }

  /// Forgets the lines, and keeps the room they took.
  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    records = 0
  }

  // MARK: Private

  private mutating func add(_ kind: Line.Kind, _ content: (inout [UInt8]) -> Void) {
    let start = bytes.count
    bytes += "00000000 ".utf8
    bytes.append(kind.rawValue)
    content(&bytes)
    let checksum = bytes.withUnsafeBytes {
      Checksum.of(UnsafeRawBufferPointer(rebasing: $0[(start + 9)...]))
    }
    for digit in 0..<8 {
      let value = UInt8(checksum >> (28 - 4 * digit) & 15)
      bytes[start + digit] = value + (value < 10 ? 0x30 : 0x57)
    }
    bytes.append(newline)
  }
}
