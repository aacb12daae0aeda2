import Store
import Testing

/// Several processes on one directory.
@Suite struct ProcessTests {
  let scratch: ScratchDirectory

  init() throws {
    scratch = try ScratchDirectory()
  }

  @Test func processesWriteAtTheSameTime() throws {
    let processes = [
      try StoreProcess(scratch, "put", "a", "200"), try StoreProcess(scratch, "put", "b", "200"),
    ]
    let store = try scratch.store()
    for process in processes { try process.go() }
    for index in 0..<100 {
      try store.put("\(index)", at: "own/\(index)")
      for name in ["a", "b"] { try expectWhole(store, name) }
    }
    for process in processes { #expect(process.lines() == (0..<200).map(String.init)) }
    for store in [store, try scratch.store()] {
      #expect(try store.records(prefix: "").count == 100 + 2 * 601)
      #expect(try store.get("a/last") == "199")
    }
    #expect(try store.verify().isSound)
  }

  @Test(arguments: [10, 100, 400])
  func killedWriterLosesNoAcknowledgedCommit(bytes: Int) throws {
    let reader = try scratch.store()
    let process = try StoreProcess(scratch, "put", "a", "1000000")
    try process.go()
    let said = process.kill(afterBytes: bytes)
    let last = try #require(said.last.flatMap { Int($0) })
    try reader.put("after", at: "z")
    for store in [reader, try scratch.store()] {
      let count = try store.records(prefix: "a/1/").count
      // The writer can be killed between its last commit and its output.
      #expect(count == last + 1 || count == last + 2)
      #expect(try store.records(prefix: "a/3/").count == count)
      #expect(try store.get("a/last") == "\(count - 1)")
      #expect(try store.get("z") == "after")
    }
    #expect(try reader.verify().isSound)
  }

  @Test func createSucceedsInOneProcessOnly() throws {
    let processes = [
      try StoreProcess(scratch, "create", "300"), try StoreProcess(scratch, "create", "300"),
      try StoreProcess(scratch, "create", "300"),
    ]
    for process in processes { try process.go() }
    let winners = processes.flatMap { $0.lines() }
    #expect(winners.count == 300)
    #expect(Set(winners).count == 300)
  }

  @Test func storeWorksDuringCompactionOfOtherProcess() throws {
    let store = try scratch.store()
    let processes = [
      try StoreProcess(scratch, "compact", "40"), try StoreProcess(scratch, "compact", "40"),
    ]
    for process in processes { try process.go() }
    for index in 0..<300 {
      try store.put("\(index)", at: "k\(index)")
      #expect(try store.get("k\(index / 2)") == "\(index / 2)")
    }
    #expect(try store.records(prefix: "k").count == 300)
    for process in processes {
      let counts = process.lines().compactMap { Int($0) }
      #expect(counts.count == 40)
      #expect(counts == counts.sorted())
    }
    #expect(try scratch.store().records(prefix: "k").count == 300)
    #expect(try store.verify().isSound)
  }

  /// A scan finds complete transactions of a writer only.
  private func expectWhole(_ store: FileStore, _ name: String) throws {
    var scan = try store.scan(prefix: "\(name)/")
    var records = 0
    var last = -1
    while let record = try scan.next() {
      records += 1
      if record.key == "\(name)/last" { last = Int(record.value) ?? -2 }
    }
    #expect(records == (last == -1 ? 0 : 3 * (last + 1) + 1))
  }
}
