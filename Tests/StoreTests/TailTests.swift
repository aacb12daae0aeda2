import Store
import Testing

/// Who reads on sees each change once, in order, whoever made it and whatever was compacted.
struct TailTests {
  @Test func tellsOfEachChangeOnce() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    try store.put("before", at: "a")
    var tail = try store.tail()
    #expect(try tail.next() == [])
    try store.put("1", at: "a")
    try store.put("2", at: "a")
    try store.remove("a")
    #expect(try tail.next() == [.put("a", "1"), .put("a", "2"), .remove("a")])
    #expect(try tail.next() == [])
  }

  @Test func seesWhatOthersWrite() throws {
    let scratch = try Scratch()
    let reader = try scratch.store()
    let writer = try scratch.store()
    var tail = try reader.tail()
    try writer.put("1", at: "b")
    try tail.waitForWriter()
    #expect(try tail.next() == [.put("b", "1")])
  }

  @Test func missesNothingWhereTheJournalWasTakenAway() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    try store.put("0", at: "a")
    var tail = try store.tail()
    try store.put("1", at: "a")
    try store.compact()
    try store.put("2", at: "a")
    #expect(try tail.next() == [.put("a", "1"), .put("a", "2")])
    try store.compact()
    try store.put("3", at: "a")
    #expect(try tail.next() == [.put("a", "3")])
  }

  @Test func saysSoWhereItWasLeftBehind() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    var tail = try store.tail()
    for value in ["1", "2", "3"] {
      try store.put(value, at: "a")
      try store.compact()
    }
    #expect(throws: StoreError.self) { try tail.next() }
  }
}
