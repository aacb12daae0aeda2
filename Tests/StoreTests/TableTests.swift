import Store
import Testing

@Suite struct TableTests {
  static let keys = (1...9).map { "key\($0)" }

  /// Creates a compacted store, and returns the name of its table.
  private func table(_ scratch: ScratchDirectory) throws -> String {
    let store = try scratch.store()
    _ = try store.commit(Self.keys.map { .put($0, "value of \($0)") })
    try store.compact()
    return try #require(try scratch.names().first { $0.hasPrefix("table") })
  }

  @Test func verificationDetectsDamageOfEachByte() throws {
    let scratch = try ScratchDirectory()
    let name = try table(scratch)
    let whole = try scratch.bytes(name)
    for index in whole.indices {
      for flip in [UInt8(1), 0x80] {
        var damaged = whole
        damaged[index] ^= flip
        try scratch.write(damaged, name)
        #expect(try !FileStore.verify(at: scratch.path).isSound)
        guard let store = try? scratch.store() else { continue }
        expectNoWrongValue(store)
        #expect(throws: StoreError.self) { try store.all() }
        #expect(throws: StoreError.self) { try store.compact { _, _ in true } }
      }
    }
  }

  @Test func truncatedTableIsRefused() throws {
    let scratch = try ScratchDirectory()
    let name = try table(scratch)
    let whole = try scratch.bytes(name)
    for cut in 0..<whole.count {
      try scratch.write(Array(whole[..<cut]), name)
      let error = #expect(throws: StoreError.self) { try scratch.store() }
      guard case .damaged(let damage)? = error else { throw try #require(error) }
      #expect(damage.file == "\(scratch.path)/\(name)")
    }
  }

  @Test func tableWithoutFirstLineIsRefused() throws {
    let scratch = try ScratchDirectory()
    let name = try table(scratch)
    let lines = try scratch.text(name).split(separator: "\n", omittingEmptySubsequences: false)
    try scratch.write(Array(lines.dropFirst().joined(separator: "\n").utf8), name)
    #expect(throws: StoreError.self) { try scratch.store() }
  }

  @Test func missingJournalIsRefused() throws {
    let scratch = try ScratchDirectory()
    _ = try table(scratch)
    let journal = try #require(try scratch.names().first { $0.hasPrefix("journal") })
    try scratch.remove(journal)
    let error = #expect(throws: StoreError.self) { try scratch.store() }
    #expect(error?.description.contains(journal) == true)
  }

  /// Each key has its value or is reported as damaged; no key is missing or added.
  private func expectNoWrongValue(_ store: FileStore) {
    for key in Self.keys + ["key", "key0", "key55", "z"] {
      guard case .success(let found) = Result(catching: { try store.get(key) }) else { continue }
      #expect(found == (Self.keys.contains(key) ? "value of \(key)" : nil))
    }
  }
}
