import Store
import Synchronization
import Testing

@Suite struct CommitTests {
  let scratch: ScratchDirectory
  let store: FileStore

  init() throws {
    scratch = try ScratchDirectory()
    store = try scratch.store()
  }

  @Test func getReturnsLastValue() throws {
    try store.put("one", at: "a")
    try store.put("two", at: "a")
    #expect(try store.get("a") == "two")
    #expect(try store.get("b") == nil)
  }

  @Test func putKeepsEmptyValue() throws {
    try store.put("", at: "a")
    #expect(try store.get("a")?.isEmpty == true)
    #expect(try scratch.store().get("a")?.isEmpty == true)
  }

  @Test func removeDeletesKey() throws {
    try store.put("one", at: "a")
    try store.remove("a")
    try store.remove("never there")
    #expect(try store.get("a") == nil)
    #expect(try scratch.store().get("a") == nil)
  }

  @Test func journalHoldsOneLinePerRecord() throws {
    _ = try store.commit([.put("link/customer/cus_1", #"{"togai":"cus_1"}"#), .remove("run/17")])
    #expect(
      try scratch.text("journal.0") == """
        61f72389 @0 65 2
        f3912d88 +link/customer/cus_1\t{"togai":"cus_1"}
        baf673d9 -run/17

        """)
  }

  @Test func transactionChangesAllOrNothing() throws {
    #expect(try store.commit([.put("a", "1"), .put("b", "2"), .remove("c")]))
    #expect(try !store.commit([.put("a", "3"), .put("c", "4")], if: [.absent("c"), .absent("b")]))
    #expect(try store.all() == ["a=1", "b=2"])
  }

  @Test func transactionAppliesChangesInOrder() throws {
    _ = try store.commit([
      .put("a", "1"), .remove("a"), .put("a", "2"), .put("b", "3"), .remove("b"),
    ])
    #expect(try store.all() == ["a=2"])
    #expect(try scratch.store().all() == ["a=2"])
  }

  @Test func transactionWithoutChangesTestsConditions() throws {
    try store.put("1", at: "a")
    #expect(try store.commit([], if: [.equals("a", "1")]))
    #expect(try !store.commit([], if: [.absent("a")]))
  }

  @Test func createRefusesExistingKey() throws {
    #expect(try store.create("first", at: "a"))
    #expect(try !store.create("second", at: "a"))
    #expect(try store.get("a") == "first")
  }

  @Test func createAcceptsRemovedKey() throws {
    _ = try store.create("first", at: "a")
    try store.compact()
    try store.remove("a")
    #expect(try store.create("second", at: "a"))
  }

  @Test func replaceRequiresExpectedValue() throws {
    try store.put("1", at: "a")
    #expect(try store.replace("a", expecting: "1", with: "2"))
    #expect(try !store.replace("a", expecting: "1", with: "3"))
    #expect(try !store.replace("b", expecting: "1", with: "3"))
    #expect(try store.all() == ["a=2"])
  }

  @Test func keysDistinguishUnicodeNormalForms() throws {
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
    try store.put(composed, at: composed)
    try store.put(decomposed, at: decomposed)
    for store in [store, try scratch.store()] {
      #expect(try store.get(composed)?.utf8.count == 5)
      #expect(try store.get(decomposed)?.utf8.count == 6)
    }
    #expect(try !store.replace(composed, expecting: decomposed, with: "x"))
  }

  @Test func storeKeepsLongestKeyAndValue() throws {
    let key = String(repeating: "k", count: 1024)
    let value = String(repeating: "v", count: 16 << 20)
    try store.put(value, at: key)
    try store.compact()
    #expect(try scratch.store().get(key) == value)
  }

  @Test(arguments: [
    "", "a\tb", "a\nb", "a\0b", "a\u{7f}", "\u{85}", String(repeating: "k", count: 1025),
  ])
  func putRefusesInvalidKey(key: String) throws {
    let error = #expect(throws: StoreError.self) { try store.put("1", at: key) }
    guard case .badKey = error else { throw try #require(error) }
    #expect(throws: StoreError.self) { try store.get(key) }
    #expect(try store.all() == [])
  }

  @Test(arguments: ["a\nb", "\n", "a\0"])
  func putRefusesValueWithNewlineOrNUL(value: String) throws {
    let error = #expect(throws: StoreError.self) { try store.put(value, at: "a") }
    guard case .badValue = error else { throw try #require(error) }
  }

  @Test func putRefusesTooLongValue() {
    #expect(throws: StoreError.badValue("16777217 bytes exceed the limit of 16777216")) {
      try store.put(String(repeating: "v", count: (16 << 20) + 1), at: "a")
    }
  }

  @Test func createSucceedsOnOneThreadOnly() throws {
    let wins = Mutex<[String: Int]>([:])
    onThreads(8) { thread in
      for key in 0..<50 {
        let isMine = (try? store.create("\(thread)", at: "k\(key)")) ?? false
        if isMine { wins.withLock { $0["k\(key)", default: 0] += 1 } }
      }
    }
    #expect(wins.withLock { $0.count } == 50)
    #expect(wins.withLock { $0.values.allSatisfy { $0 == 1 } })
  }

  @Test func replaceLosesNoUpdateOfManyThreads() throws {
    try store.put("0", at: "count")
    onThreads(8) { _ in
      var done = 0
      while done < 25 {
        guard let old = try? store.get("count"), let number = Int(old) else { continue }
        if (try? store.replace("count", expecting: old, with: "\(number + 1)")) == true {
          done += 1
        }
      }
    }
    #expect(try store.get("count") == "200")
  }
}
