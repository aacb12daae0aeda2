import Glibc

/// Texts that a stored record must contain if a filter is to allow it.
///
/// Finding a text in the bytes of a record takes a small part of the time that parsing it takes, and a filter
/// may allow few of a million records.
struct Needles: Sendable {
  /// The texts, each with a zero at its end, of which each list must have one in the record.
  private var lists: [[[CChar]]] = []

  /// Requires that a record has a member, with a value if one is given.
  mutating func require(member name: String, _ value: String? = nil) {
    guard let value else { return lists.append([Array("\"\(name)\":".utf8CString)]) }
    guard Self.isWrittenAsItIs(value) else { return }
    lists.append([Array("\"\(name)\":\"\(value)\"".utf8CString)])
  }

  /// Requires that a record contains one of some texts.
  ///
  /// If JSON might write one of them in several ways, nothing is required.
  mutating func require(oneOf texts: [String]) {
    guard texts.allSatisfy(Self.isWrittenAsItIs) else { return }
    lists.append(texts.map { Array($0.utf8CString) })
  }

  /// Whether a record contains what is required.
  func areIn(_ record: String) -> Bool {
    // JSON has no zero bytes
    lists.isEmpty
      || record.withCString { text in
        lists.allSatisfy { list in list.contains { strstr(text, $0) != nil } }
      }
  }

  private static func isWrittenAsItIs(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x5C && $0 != 0x2F }
  }
}
