import Store
import Testing

@Suite struct TableTests {
  static let keys = (1...9).map { "key\($0)" }

  /// A compacted store, and the name of its table.
  private func table(_ scratch: Scratch) throws -> String {
    let store = try scratch.store()
    _ = try store.commit(Self.keys.map { .put($0, "value of \($0)") })
    try store.compact()
    return try #require(try scratch.names().first { $0.hasPrefix("table") })
  }

  @Test func saysOfEachByteThatItIsDamaged() throws {
    let scratch = try Scratch()
    let name = try table(scratch)
    let whole = try scratch.bytes(name)
    for index in whole.indices {
      for flip in [UInt8(1), 0x80] {
        var damaged = whole
        damaged[index] ^= flip
        try scratch.write(damaged, name)
        #expect(try !FileStore.verify(at: scratch.path).isSound)
        guard let store = try? scratch.store() else { continue }
        expectNothingWrong(store)
        #expect(throws: StoreError.self) { try store.all() }
        #expect(throws: StoreError.self) { try store.compact { _, _ in true } }
      }
    }
  }

  @Test func refusesATableThatWasCut() throws {
    let scratch = try Scratch()
    let name = try table(scratch)
    let whole = try scratch.bytes(name)
    for cut in 0..<whole.count {
      try scratch.write(Array(whole[..<cut]), name)
      let error = #expect(throws: StoreError.self) { try scratch.store() }
      guard case .damaged(let damage)? = error else { throw try #require(error) }
      #expect(damage.file == "\(scratch.path)/\(name)")
    }
  }

  @Test func refusesATableThatLostALine() throws {
    let scratch = try Scratch()
    let name = try table(scratch)
    let lines = try scratch.text(name).split(separator: "\n", omittingEmptySubsequences: false)
    try scratch.write(Array(lines.dropFirst().joined(separator: "\n").utf8), name)
    #expect(throws: StoreError.self) { try scratch.store() }
  }

  @Test func refusesAStoreThatLostAJournal() throws {
    let scratch = try Scratch()
    _ = try table(scratch)
    let journal = try #require(try scratch.names().first { $0.hasPrefix("journal") })
    try scratch.remove(journal)
    let error = #expect(throws: StoreError.self) { try scratch.store() }
    #expect(error?.description.contains(journal) == true)
  }

  /// Every key has its value, or is said to be damaged; none is missing, and none is there too many.
  private func expectNothingWrong(_ store: FileStore) {
    for key in Self.keys + ["key", "key0", "key55", "z"] {
      guard case .success(let found) = Result(catching: { try store.get(key) }) else { continue }
      #expect(found == (Self.keys.contains(key) ? "value of \(key)" : nil))
    }
  }
}
