/// What the journal last said of a key.
enum Entry: Sendable {
  case value(String)
  case removed

  var value: String? {
    switch self {
    case .value(let value): value
    case .removed: nil
    }
  }
}

/// The most bytes that a value may have: 16 MiB.
let valueLimit = 16 << 20

/// A value that a store takes.
/// - Throws: `badValue` for one that is not a line, or too long a line.
func checked(value: String) throws(StoreError) -> String {
  guard value.utf8.count <= valueLimit else {
    throw .badValue("\(value.utf8.count) bytes are more than \(valueLimit)")
  }
  // grep takes a file with a NUL for a binary one and shows none of its lines.
  var value = value
  let isLine = value.withUTF8 { bytes in
    let bytes = UnsafeRawBufferPointer(bytes)
    return !has(newline, in: bytes) && !has(0, in: bytes)
  }
  guard isLine else {
    throw .badValue("it has a newline or a NUL, and a value is one line of text")
  }
  return value
}
