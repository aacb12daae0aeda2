import Store
import Testing

@Suite struct ScanTests {
  let scratch: ScratchDirectory
  let store: FileStore

  init() throws {
    scratch = try ScratchDirectory()
    store = try scratch.store()
  }

  /// Keys with difficult orders and prefixes, in the order of their bytes.
  static let keys = [
    "A", "a", "a ", "a/", "a/1", "a/10", "a/2", "a0", "aa", "b", "b/", "caf\u{65}\u{301}",
    "caf\u{e9}",
    "\u{e9}", "\u{20ac}", "\u{ffff}", "\u{1f600}", "\u{10ffff}",
  ]

  /// Puts half of the keys into the table and half into the journal, and removes others.
  func fill() throws {
    for (index, key) in Self.keys.shuffled().enumerated() {
      if index == Self.keys.count / 2 {
        try store.put("gone", at: "a/15")
        try store.compact()
      }
      try store.put("\(key)", at: key)
    }
    try store.remove("a/15")
    try store.put("gone", at: "a/3")
    try store.remove("a/3")
  }

  @Test func scanOrdersKeysByBytes() throws {
    try fill()
    let keys = try store.records(prefix: "").map { Array($0.key.utf8) }
    #expect(keys == Self.keys.map { Array($0.utf8) })
    #expect(keys == Self.keys.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
  }

  @Test func reversedScanBeginsWithLastKey() throws {
    try fill()
    let keys = try store.records(prefix: "", reversed: true).map(\.key)
    #expect(keys == Self.keys.reversed())
    #expect(
      try store.records(prefix: "a/", limit: 2, reversed: true).map(\.key) == ["a/2", "a/10"])
  }

  @Test(arguments: ["", "a", "a/", "a/1", "b", "c", "caf", "zz", "\u{e9}", "\u{10ffff}"])
  func scanFindsKeysWithPrefix(prefix: String) throws {
    try fill()
    let wanted = Self.keys.filter { $0.utf8.starts(with: prefix.utf8) }
    #expect(try store.records(prefix: prefix).map(\.key) == wanted)
    #expect(try store.records(prefix: prefix, reversed: true).map(\.key) == wanted.reversed())
  }

  @Test(arguments: ["", "A", "a", "a/1", "a/15", "b", "zz", "\u{ffff}"])
  func scanFindsKeysBetweenBounds(upTo: String) throws {
    try fill()
    for from in Self.keys {
      let wanted = Self.keys.filter {
        !$0.utf8.lexicographicallyPrecedes(from.utf8)
          && $0.utf8.lexicographicallyPrecedes(upTo.utf8)
      }
      for isReversed in [false, true] {
        var scan = try store.scan(from: from, upTo: upTo, reversed: isReversed)
        var found: [String] = []
        while let record = try scan.next() { found.append(record.key) }
        #expect(found == (isReversed ? wanted.reversed() : wanted))
      }
    }
  }

  @Test func scanAcceptsAnyTextAsBound() throws {
    try fill()
    func keys(from: String, upTo: String?) throws -> [String] {
      var scan = try store.scan(from: from, upTo: upTo)
      var keys: [String] = []
      while let record = try scan.next() { keys.append(record.key) }
      return keys
    }
    #expect(try keys(from: "a\0", upTo: "a/1\0") == ["a ", "a/", "a/1"])
    #expect(try keys(from: "a\u{1}", upTo: "a/") == ["a "])
    #expect(try keys(from: "a\n", upTo: "a\u{1f}") == [])
    #expect(try keys(from: "\0", upTo: "\t") == [])
    #expect(try keys(from: "\0", upTo: nil).count == Self.keys.count)
    #expect(try store.records(prefix: "a\t") == [])
    #expect(try store.records(prefix: "\0") == [])
    #expect(try store.records(prefix: "a\u{7f}") == [])
  }

  @Test func recordsStopAtLimit() throws {
    try fill()
    #expect(try store.records(prefix: "a", limit: 3).map(\.key) == ["a", "a ", "a/"])
    #expect(try store.records(prefix: "a", limit: 0) == [])
  }

  @Test func scanOfEmptyStoreFindsNothing() throws {
    #expect(try store.records(prefix: "") == [])
    #expect(try store.records(prefix: "", reversed: true) == [])
    try store.put("1", at: "a")
    try store.remove("a")
    try store.compact()
    #expect(try store.records(prefix: "") == [])
    #expect(try store.get("a") == nil)
  }

  @Test func scanIgnoresLaterWritesAndCompactions() throws {
    for index in 100..<200 { try store.put("old", at: "k\(index)") }
    var scan = try store.scan(prefix: "k")
    var records = [try scan.next()]
    for index in 100..<200 {
      try store.put("new", at: "k\(index)")
      try store.put("new", at: "k\(index)b")
    }
    try store.compact()
    try store.compact { _, _ in false }
    while let record = try scan.next() { records.append(record) }
    #expect(records == (100..<200).map { Record(key: "k\($0)", value: "old") })
    #expect(try store.all() == [])
  }

  @Test func scanOrdersThousandsOfKeys() throws {
    let keys = (0..<3000).map { "k\($0)" }.shuffled()
    _ = try store.commit(keys.map { .put($0, $0) })
    let sorted = keys.sorted()
    #expect(try store.records(prefix: "").map(\.key) == sorted)
    #expect(try store.records(prefix: "", reversed: true).map(\.key) == sorted.reversed())
    try store.compact()
    #expect(try store.records(prefix: "").map(\.key) == sorted)
    for key in keys where try store.get(key) != key { Issue.record("\(key) is not there") }
    #expect(try store.get("k") == nil)
    #expect(try store.get("k1x") == nil)
    #expect(try store.get("z") == nil)
  }
}
