import Store
import Testing

/// The end of a journal after a crash or a power loss.
///
/// Without the file `lock`, a store depends on the journal alone, as after a power loss that lost the
/// watermark.
@Suite struct TornTailTests {
  /// A journal of three groups with one transaction each, and the ends of the groups.
  static func journal() throws -> (bytes: [UInt8], ends: [Int]) {
    let scratch = try ScratchDirectory()
    let store = try scratch.store()
    var ends = [0]
    for index in 1...3 {
      _ = try store.commit([.put("a", "\(index)"), .put("b", "\(index)"), .remove("c\(index)")])
      ends.append(try scratch.bytes("journal.0").count)
    }
    return (try scratch.bytes("journal.0"), ends)
  }

  @Test func truncatedJournalKeepsCompleteTransactions() throws {
    let (bytes, ends) = try Self.journal()
    for cut in 0...bytes.count {
      let scratch = try ScratchDirectory()
      try scratch.write(Array(bytes[..<cut]), "journal.0")
      let store = try scratch.store()
      let whole = ends.lastIndex { $0 <= cut } ?? 0
      #expect(try store.get("a") == (whole == 0 ? nil : "\(whole)"))
      #expect(try store.get("b") == (whole == 0 ? nil : "\(whole)"))
      let rest = cut - ends[whole]
      let file = "\(scratch.path)/journal.0"
      #expect(
        store.notices
          == (rest == 0 ? [] : [.truncatedTail(file: file, offset: ends[whole], bytes: rest)]))
      try store.put("4", at: "a")
      #expect(try scratch.store().get("a") == "4")
      #expect(try store.verify().isSound)
    }
  }

  @Test func tailOfZerosIsTruncated() throws {
    let (bytes, ends) = try Self.journal()
    for from in ends[2]...bytes.count {
      for until in [from, (from + bytes.count) / 2, bytes.count, bytes.count + 4096] {
        let scratch = try ScratchDirectory()
        var torn = bytes + [UInt8](repeating: 0, count: max(until - bytes.count, 0))
        for index in from..<max(until, from) { torn[index] = 0 }
        try scratch.write(torn, "journal.0")
        let wanted = until > from && from < bytes.count ? "2" : "3"
        #expect(try scratch.store().get("a") == wanted)
        #expect(try scratch.bytes("journal.0").count == (wanted == "2" ? ends[2] : bytes.count))
      }
    }
  }

  @Test func damagedByteBeforeCompleteGroupIsRefused() throws {
    let (bytes, ends) = try Self.journal()
    for index in 0..<ends[2] {
      for flip in [UInt8(1), 0x80] {
        let scratch = try ScratchDirectory()
        var damaged = bytes
        damaged[index] ^= flip
        try scratch.write(damaged, "journal.0")
        try expectDamage(in: scratch, near: index, damaged)
      }
    }
  }

  @Test func zerosBeforeCompleteGroupAreRefused() throws {
    let (bytes, ends) = try Self.journal()
    let scratch = try ScratchDirectory()
    var damaged = bytes
    for index in ends[1] + 3..<ends[2] { damaged[index] = 0 }
    try scratch.write(damaged, "journal.0")
    let error = #expect(throws: StoreError.self) { try scratch.store() }
    #expect(error?.isTemporary == false)
  }

  @Test func damageBeforeWatermarkIsRefused() throws {
    let scratch = try ScratchDirectory()
    let (whole, _) = try Self.fill(scratch)
    for index in whole.indices {
      var damaged = whole
      damaged[index] ^= 1
      try scratch.write(damaged, "journal.0")
      try expectDamage(in: scratch, near: index, damaged)
    }
    for cut in whole.indices {
      try scratch.write(Array(whole[..<cut]), "journal.0")
      #expect(throws: StoreError.self) { try scratch.store() }
      #expect(try !FileStore.verify(at: scratch.path).isSound)
    }
    try scratch.write(whole, "journal.0")
    #expect(try scratch.store().all() == ["a=1"])
  }

  @Test func completeGroupOfDeadWriterIsKept() throws {
    let (bytes, ends) = try Self.journal()
    let scratch = try ScratchDirectory()
    try scratch.write(Array(bytes[..<ends[1]]), "journal.0")
    let store = try scratch.store()
    try scratch.write(bytes, "journal.0")
    #expect(try store.get("a") == "1")  // It can still be lost.
    #expect(try store.create("x", at: "d"))
    #expect(try store.get("a") == "3")
    #expect(try scratch.store().all() == ["a=3", "b=3", "d=x"])
  }

  @Test func partOfGroupOfDeadWriterIsTruncatedByNextWriter() throws {
    let (bytes, ends) = try Self.journal()
    let scratch = try ScratchDirectory()
    try scratch.write(Array(bytes[..<ends[1]]), "journal.0")
    let store = try scratch.store()
    try scratch.write(Array(bytes[..<(ends[2] - 1)]), "journal.0")
    try store.put("x", at: "d")
    #expect(try store.all() == ["a=1", "b=1", "d=x"])
    #expect(store.notices.count == 1)
    #expect(store.notices.first?.description.contains("journal.0") == true)
  }

  // MARK: Private

  private static func fill(_ scratch: ScratchDirectory) throws -> (bytes: [UInt8], store: FileStore)
  {
    let store = try scratch.store()
    try store.put("1", at: "a")
    return (try scratch.bytes("journal.0"), store)
  }

  /// Opening fails with the file and the offset of the damage, and changes nothing.
  private func expectDamage(in scratch: ScratchDirectory, near index: Int, _ bytes: [UInt8]) throws
  {
    let error = #expect(throws: StoreError.self) { try scratch.store() }
    guard case .damaged(let damage)? = error else { throw try #require(error) }
    #expect(damage.file == "\(scratch.path)/journal.0")
    #expect(damage.offset <= index)
    #expect(try scratch.bytes("journal.0") == bytes)
    let report = try FileStore.verify(at: scratch.path)
    #expect(!report.isSound)
    #expect(report.damages.contains { $0.offset <= index })
  }
}
