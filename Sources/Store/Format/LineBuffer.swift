/// Encoded lines of a journal or a table.
struct LineBuffer {
  private(set) var bytes: [UInt8] = []
  /// The number of lines that are records.
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

  /// Adds a record that is encoded already.
  mutating func add(_ line: UnsafeRawBufferPointer) {
    records += 1
    bytes += line
  }

  mutating func add(_ kind: Line.Kind, numbers: [Int]) {
    add(kind) { $0 += numbers.map(String.init).joined(separator: " ").utf8 }
  }

  mutating func reserveCapacity(_ more: Int) { bytes.reserveCapacity(bytes.count + more) }

  /// Removes the lines and keeps the capacity.
  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    records = 0
  }

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
