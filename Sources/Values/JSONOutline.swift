/// The positions of the members of a plain JSON document, found in one pass without building a value.
///
/// It accepts fewer documents than ``JSONReader`` and none that the reader refuses. Names with an
/// escape or a non-ASCII character, `\\u` escapes, exponents and objects of more than 64 members are
/// left to the reader.
struct JSONOutline: ByteScanner {
  /// The positions of a member's name, without quotes, and of its value.
  private struct Member {
    let name: Range<Int>
    var value: Range<Int>
    /// The index of the member whose value it is in; -1 for the document.
    let parent: Int
    /// The index of the member before it in the same object; -1 for the first.
    let former: Int
  }

  /// The position of the document without surrounding whitespace.
  private(set) var document = 0..<0
  let bytes: UnsafeBufferPointer<UInt8>
  var at = 0
  private var members: [Member] = []
  private var depth = 0

  /// Finds the members of a document, valid as long as the bytes; nil if it is not a plain object.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    members.reserveCapacity(64)
    skipSpace()
    let start = at
    guard peek == UInt8(ascii: "{"), value(in: -1) else { return nil }
    document = start..<at
    skipSpace()
    guard at == bytes.count else { return nil }
  }

  /// The position of the value at a path such as `content.customer.id`.
  func value(at path: String) -> Range<Int>? {
    var parent = -1
    for name in path.utf8.split(separator: UInt8(ascii: ".")) {
      guard let member = members.firstIndex(where: { $0.parent == parent && has($0.name, name) })
      else { return nil }
      parent = member
    }
    return parent < 0 ? document : members[parent].value
  }

  private func has(_ range: Range<Int>, _ name: Substring.UTF8View) -> Bool {
    range.count == name.count && zip(range, name).allSatisfy { bytes[$0] == $1 }
  }

  // MARK: Values

  private mutating func value(in parent: Int) -> Bool {
    switch peek {
    case UInt8(ascii: "{"): return nested { outline in outline.object(in: parent) }
    case UInt8(ascii: "["): return nested { outline in outline.array() }
    case UInt8(ascii: "\""): return string() != nil
    case UInt8(ascii: "t"): return word("true")
    case UInt8(ascii: "f"): return word("false")
    case UInt8(ascii: "n"): return word("null")
    default: return number()
    }
  }

  private mutating func nested(_ read: (inout JSONOutline) -> Bool) -> Bool {
    depth += 1
    guard depth <= 64 else { return false }
    at += 1
    skipSpace()
    defer { depth -= 1 }
    return read(&self)
  }

  private mutating func object(in parent: Int) -> Bool {
    if take(UInt8(ascii: "}")) { return true }
    var former = -1
    for _ in 0..<64 {
      guard let name = string(), isPlain(name), isNew(name, after: former) else { return false }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { return false }
      skipSpace()
      let start = at
      let member = members.count
      members.append(Member(name: name, value: start..<start, parent: parent, former: former))
      guard value(in: member) else { return false }
      members[member].value = start..<at
      former = member
      skipSpace()
      if take(UInt8(ascii: "}")) { return true }
      guard take(UInt8(ascii: ",")) else { return false }
      skipSpace()
    }
    return false
  }

  /// The items; members of objects among them have a parent that no path leads to.
  private mutating func array() -> Bool {
    if take(UInt8(ascii: "]")) { return true }
    while true {
      guard value(in: .max) else { return false }
      skipSpace()
      if take(UInt8(ascii: "]")) { return true }
      guard take(UInt8(ascii: ",")) else { return false }
      skipSpace()
    }
  }

  private func isNew(_ name: Range<Int>, after last: Int) -> Bool {
    var member = last
    while member >= 0 {
      let other = members[member].name
      if other.count == name.count, zip(other, name).allSatisfy({ bytes[$0] == bytes[$1] }) {
        return false
      }
      member = members[member].former
    }
    return true
  }

  private func isPlain(_ name: Range<Int>) -> Bool {
    bytes[name].allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "\\") }
  }
}

// MARK: - Scalars

extension JSONOutline {
  private mutating func word(_ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    guard at + length <= bytes.count else { return false }
    for index in 0..<length where bytes[at + index] != word.utf8Start[index] { return false }
    at += length
    return true
  }

  private mutating func number() -> Bool {
    let start = at
    _ = take(UInt8(ascii: "-"))
    guard take(UInt8(ascii: "0")) || digits() else { return false }
    if take(UInt8(ascii: ".")), !digits() { return false }
    return at - start < 300 && peek.map { $0 | 0x20 } != UInt8(ascii: "e")
  }

  private mutating func digits() -> Bool {
    let start = at
    while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
    return at > start
  }

  /// The position of the string without its quotes.
  private mutating func string() -> Range<Int>? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = at
    var isASCII = true
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      switch byte {
      case UInt8(ascii: "\""):
        let text = start..<at - 1
        return isASCII || String(validating: bytes[text], as: UTF8.self) != nil ? text : nil
      case UInt8(ascii: "\\"):
        guard let next = peek, "\"\\/bfnrt".utf8.contains(next) else { return nil }
        at += 1
      case 0..<0x20: return nil
      case 0x80...: isASCII = false
      default: break
      }
    }
    return nil
  }
}
