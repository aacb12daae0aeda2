/// The state of a key in a journal: its value, or a tombstone.
package enum Entry: Sendable {
  case value(String)
  case removed

  /// The maximum size of a value in bytes.
  static let limit = 16 << 20

  /// Creates the entry of a value.
  /// - Throws: `badValue` if the value is too long or contains a newline or NUL.
  init(checking value: String) throws(StoreError) {
    guard value.utf8.count <= Self.limit else {
      throw .badValue("\(value.utf8.count) bytes exceed the limit of \(Self.limit)")
    }
    // grep treats a file with a NUL as binary and prints none of its lines.
    var value = value
    let isLine = value.withUTF8 { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      return !bytes.containsByte(newline) && !bytes.containsByte(0)
    }
    guard isLine else { throw .badValue("the value contains a newline or a NUL") }
    self = .value(value)
  }

  package var value: String? {
    if case .value(let value) = self { value } else { nil }
  }
}

extension Change {
  init(_ key: Key, _ entry: Entry) {
    switch entry {
    case .value(let value): self = .put(key.text, value)
    case .removed: self = .remove(key.text)
    }
  }
}
