import Store
import Testing

/// The newlines at the end of a long journal, which are preallocated space.
@Suite struct PreallocationTests {
  /// A journal of a long and two short groups, and the end of each.
  private static func journal() throws -> (bytes: [UInt8], ends: [Int]) {
    let scratch = try ScratchDirectory()
    let store = try scratch.store()
    try store.put(String(repeating: "x", count: 70_000), at: "long")
    var ends = [try written(scratch)]
    for index in 1...2 {
      _ = try store.commit([.put("a", "\(index)"), .put("b", "\(index)")])
      ends.append(try written(scratch))
    }
    return (try scratch.bytes("journal.0"), ends)
  }

  private static func written(_ scratch: ScratchDirectory) throws -> Int {
    let bytes = try scratch.bytes("journal.0")
    return bytes.lastIndex { $0 != UInt8(ascii: "\n") }.map { $0 + 2 } ?? 0
  }

  @Test func preallocationServesManyWrites() throws {
    let (bytes, ends) = try Self.journal()
    #expect(bytes.count > ends[2] + 60_000)
    #expect(bytes.count.isMultiple(of: 4096))
    #expect(bytes[ends[2]...].allSatisfy { $0 == UInt8(ascii: "\n") })
  }

  @Test func preallocationIsNoTornTail() throws {
    let (bytes, _) = try Self.journal()
    let scratch = try ScratchDirectory()
    try scratch.write(bytes, "journal.0")
    let store = try scratch.store()
    #expect(store.notices.isEmpty)
    #expect(try store.get("a") == "2")
    let report = try store.verify()
    #expect(report.isSound && report.tornBytes == 0)
    try store.put("3", at: "a")
    #expect(try scratch.bytes("journal.0").count == bytes.count)
    #expect(try scratch.store().get("a") == "3")
    try store.compact()
    #expect(try scratch.store().get("a") == "3")
  }

  /// After a power loss, pages of a group that were not written are still blank.
  @Test func tornGroupInPreallocationIsTruncated() throws {
    let (bytes, ends) = try Self.journal()
    for lost in ends[1]..<ends[2] - 1 {
      for (from, until) in [(lost, ends[2]), (ends[1], lost + 1)] {
        let scratch = try ScratchDirectory()
        var torn = bytes
        for index in from..<until { torn[index] = UInt8(ascii: "\n") }
        try scratch.write(torn, "journal.0")
        let store = try scratch.store()
        #expect(try store.get("a") == "1")
        let isGone = torn[ends[1]...].allSatisfy { $0 == UInt8(ascii: "\n") }
        #expect(store.notices.count == (isGone ? 0 : 1))
        #expect(try scratch.bytes("journal.0").count == (isGone ? bytes.count : ends[1]))
        try store.put("x", at: "a")
        #expect(try scratch.store().get("a") == "x")
        #expect(try store.verify().isSound)
      }
    }
  }

  @Test func preallocationHidesNoDamage() throws {
    let (bytes, ends) = try Self.journal()
    for index in ends[0]..<ends[1] where bytes[index] != UInt8(ascii: "\n") {
      let scratch = try ScratchDirectory()
      var damaged = bytes
      damaged[index] = UInt8(ascii: "\n")
      try scratch.write(damaged, "journal.0")
      #expect(throws: StoreError.self) { try scratch.store() }
      #expect(try !FileStore.verify(at: scratch.path).isSound)
    }
  }

  @Test func preallocationHidesNoLostCommit() throws {
    let scratch = try ScratchDirectory()
    let store = try scratch.store()
    try store.put(String(repeating: "x", count: 70_000), at: "long")
    let start = try Self.written(scratch)
    try store.put("1", at: "a")
    var lost = try scratch.bytes("journal.0")
    for index in start..<lost.count { lost[index] = UInt8(ascii: "\n") }
    try scratch.write(lost, "journal.0")
    #expect(throws: StoreError.self) { try scratch.store() }
    #expect(try !FileStore.verify(at: scratch.path).isSound)
  }

  @Test func otherProcessesReadPastPreallocation() throws {
    let scratch = try ScratchDirectory()
    let (one, other) = (try scratch.store(), try scratch.store())
    try one.put(String(repeating: "x", count: 70_000), at: "long")
    #expect(try other.get("long")?.utf8.count == 70_000)
    try other.put("1", at: "a")
    try one.compact()
    try one.put("2", at: "a")
    #expect(try other.get("a") == "2")
    try other.put("3", at: "a")
    #expect(try one.get("a") == "3")
  }

  @Test func deadWriterLeavesPartOfGroupInPreallocation() throws {
    let (bytes, ends) = try Self.journal()
    var former = bytes
    for index in ends[1]..<ends[2] { former[index] = UInt8(ascii: "\n") }
    for cut in ends[1]...ends[2] {
      let scratch = try ScratchDirectory()
      try scratch.write(former, "journal.0")
      let store = try scratch.store()
      try scratch.write(Array(bytes[..<cut] + former[cut...]), "journal.0")
      #expect(try store.get("a") == "1")
      try store.put("y", at: "z")
      #expect(try store.get("a") == (cut >= ends[2] - 1 ? "2" : "1"))
      #expect(try store.get("z") == "y")
      #expect(store.notices.count == (ends[1] < cut && cut < ends[2] - 1 ? 1 : 0))
      #expect(try store.verify().isSound)
    }
  }

  @Test func unusedJournalIsNoGap() throws {
    let (bytes, _) = try Self.journal()
    let scratch = try ScratchDirectory()
    try scratch.write(bytes, "journal.0")
    try scratch.write([UInt8](repeating: UInt8(ascii: "\n"), count: 4096), "journal.900000")
    #expect(try FileStore.verify(at: scratch.path).isSound)
    #expect(try scratch.store().get("a") == "2")
    #expect(try scratch.names() == ["compaction", "journal.0", "lock"])
  }
}
