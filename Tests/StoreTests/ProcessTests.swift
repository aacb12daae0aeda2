import Store
import Testing

/// Several processes on one directory.
@Suite struct ProcessTests {
  let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  @Test func letsTwoWriteAtOnce() throws {
    let probes = [try Probe(scratch, "put", "a", "200"), try Probe(scratch, "put", "b", "200")]
    let store = try scratch.store()
    for probe in probes { try probe.go() }
    for index in 0..<100 {
      try store.put("\(index)", at: "own/\(index)")
      for name in ["a", "b"] { try expectWhole(store, name) }
    }
    for probe in probes { #expect(probe.lines() == (0..<200).map(String.init)) }
    for store in [store, try scratch.store()] {
      #expect(try store.records(prefix: "").count == 100 + 2 * 601)
      #expect(try store.get("a/last") == "199")
    }
    #expect(try store.verify().isSound)
  }

  @Test(arguments: [10, 100, 400])
  func keepsWhatAKilledWriterAcknowledged(bytes: Int) throws {
    let reader = try scratch.store()
    let probe = try Probe(scratch, "put", "a", "1000000")
    try probe.go()
    let said = probe.kill(afterBytes: bytes)
    let last = try #require(said.last.flatMap { Int($0) })
    try reader.put("after", at: "z")
    for store in [reader, try scratch.store()] {
      let count = try store.records(prefix: "a/1/").count
      // The last may have been done, and its writer killed before it could say so.
      #expect(count == last + 1 || count == last + 2)
      #expect(try store.records(prefix: "a/3/").count == count)
      #expect(try store.get("a/last") == "\(count - 1)")
      #expect(try store.get("z") == "after")
    }
    #expect(try reader.verify().isSound)
  }

  @Test func letsOneOfManyCreate() throws {
    let probes = [
      try Probe(scratch, "create", "300"), try Probe(scratch, "create", "300"),
      try Probe(scratch, "create", "300"),
    ]
    for probe in probes { try probe.go() }
    let winners = probes.flatMap { $0.lines() }
    #expect(winners.count == 300)
    #expect(Set(winners).count == 300)
  }

  @Test func readsAndWritesWhileAnotherCompacts() throws {
    let store = try scratch.store()
    let probes = [try Probe(scratch, "compact", "40"), try Probe(scratch, "compact", "40")]
    for probe in probes { try probe.go() }
    for index in 0..<300 {
      try store.put("\(index)", at: "k\(index)")
      #expect(try store.get("k\(index / 2)") == "\(index / 2)")
    }
    #expect(try store.records(prefix: "k").count == 300)
    for probe in probes {
      let counts = probe.lines().compactMap { Int($0) }
      #expect(counts.count == 40)
      #expect(counts == counts.sorted())
    }
    #expect(try scratch.store().records(prefix: "k").count == 300)
    #expect(try store.verify().isSound)
  }

  /// What a scan finds of a writer's transactions is a whole number of them.
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
