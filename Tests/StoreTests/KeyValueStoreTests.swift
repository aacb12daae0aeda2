import AWS
import Foundation
import Store
import Synchronization
import TestSupport
import Testing

/// The promises of `KeyValueStore`, tested with each implementation.
@Suite struct KeyValueStoreTests {
  enum Implementation: CaseIterable {
    case file
    case memory
    case dynamoDB

    /// A new store, whose log goes back some seconds if it is one for changes of many machines.
    func open(_ scratch: ScratchDirectory, watching watched: [String] = [], history: Int = 3600)
      throws -> any KeyValueStore
    {
      switch self {
      case .file: try FileStore(at: scratch.path, compactAt: .max, watching: watched)
      case .memory: InMemoryStore(watching: watched)
      case .dynamoDB: try TestTable().store(watching: watched, history: history)
      }
    }
  }

  let scratch: ScratchDirectory

  init() throws {
    scratch = try ScratchDirectory()
  }

  // MARK: - Commits

  @Test(arguments: Implementation.allCases)
  func getReturnsCommittedValue(_ implementation: Implementation) throws {
    let store = try implementation.open(scratch)
    #expect(try store.get("a") == nil)
    try store.put("1", at: "a")
    #expect(try store.get("a") == "1")
    try store.remove("a")
    #expect(try store.get("a") == nil)
    #expect(store.closedBecause == nil)
  }

  @Test(arguments: Implementation.allCases)
  func transactionChangesAllOrNothing(_ implementation: Implementation) throws {
    let store = try implementation.open(scratch)
    #expect(try store.commit([.put("a", "1"), .put("b", "1"), .remove("b"), .put("c", "1")]))
    #expect(
      try !store.commit([.put("a", "2"), .remove("c")], if: [.absent("b"), .equals("c", "2")]))
    #expect(try all(store) == ["a=1", "c=1"])
  }

  @Test(arguments: Implementation.allCases)
  func conditionComparesBytes(_ implementation: Implementation) throws {
    let store = try implementation.open(scratch)
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
    try store.put(composed, at: composed)
    #expect(try store.get(decomposed) == nil)
    #expect(try !store.replace(composed, expecting: decomposed, with: "x"))
    #expect(try store.replace(composed, expecting: composed, with: "x"))
  }

  @Test(arguments: Implementation.allCases)
  func commitRejectsInvalidKeysAndValues(_ implementation: Implementation) throws {
    let store = try implementation.open(scratch)
    for key in ["", "a\nb", "a\u{7f}", String(repeating: "k", count: 1025)] {
      #expect(throws: StoreError.self) { try store.put("1", at: key) }
      #expect(throws: StoreError.self) { try store.get(key) }
      #expect(throws: StoreError.self) { try store.commit([.put(key, "1")]) { _ in } }
      #expect(throws: StoreError.self) { try store.commit([], if: [.absent(key)]) }
    }
    #expect(throws: StoreError.self) { try store.commit([.put("a", "1"), .put("b", "\n")]) }
    #expect(try all(store) == [])
  }

  @Test(arguments: Implementation.allCases)
  func transactionsOfOneFlushSeeEachOther(_ implementation: Implementation) throws {
    let store = try implementation.open(scratch)
    let results = store.commit(each: [
      Transaction([.put("a", "1")], if: [.absent("a")]),
      Transaction([.put("a", "2")], if: [.absent("a")]),
      Transaction([.put("\n", "3")]),
      Transaction([.put("b", "4")], if: [.equals("a", "1")]),
    ])
    #expect(results.map { try? $0.get() } == [true, false, nil, true])
    #expect(try all(store) == ["a=1", "b=4"])
  }

  @Test(arguments: Implementation.allCases)
  func completionsReportOutcomesInOrder(_ implementation: Implementation) async throws {
    let store = try implementation.open(scratch)
    let outcomes: [Bool] = await withCheckedContinuation { continuation in
      let received = Mutex<[Bool]>([])
      for value in ["1", "2"] {
        do {
          try store.commit([.put("a", value)], if: [.absent("a")]) { result in
            let all = received.withLock { received in
              received.append((try? result.get()) ?? false)
              return received
            }
            if all.count == 2 { continuation.resume(returning: all) }
          }
        } catch {
          Issue.record(error)
        }
      }
    }
    #expect(outcomes == [true, false])
    #expect(try store.get("a") == "1")
  }

  @Test(arguments: Implementation.allCases)
  func concurrentConditionsAdmitOneTransaction(_ implementation: Implementation) throws {
    let store = try implementation.open(scratch)
    let winners = Mutex(0)
    onThreads(4) { thread in
      for key in 0..<50 where (try? store.create("\(thread)", at: "k\(key)")) == true {
        winners.withLock { $0 += 1 }
      }
    }
    #expect(winners.withLock { $0 } == 50)
  }

  // MARK: - Scans

  @Test(arguments: Implementation.allCases)
  func scanOrdersKeysByBytes(_ implementation: Implementation) throws {
    let store = try implementation.open(scratch)
    _ = try store.commit(ScanTests.keys.shuffled().map { .put($0, "v") })
    try store.put("removed", at: "a/15")
    try store.remove("a/15")
    for prefix in ["", "a", "a/", "zz", "\u{e9}", "\u{10ffff}", "a\t"] {
      let wanted = ScanTests.keys.filter { $0.utf8.starts(with: prefix.utf8) }
      #expect(try store.records(prefix: prefix).map(\.key) == wanted)
      #expect(
        try store.records(prefix: prefix, limit: 2, reversed: true).map(\.key)
          == wanted.suffix(2).reversed())
    }
    var cursor = try store.scan(from: "a/", upTo: "a/2", reversed: true)
    #expect(try cursor.next()?.key == "a/10")
    #expect(try cursor.next()?.key == "a/1")
    #expect(try cursor.next() == Record(key: "a/", value: "v"))
    #expect(try cursor.next() == nil)
  }

  @Test(arguments: Implementation.allCases)
  func scanIgnoresLaterChanges(_ implementation: Implementation) throws {
    let store = try implementation.open(scratch)
    for index in 100..<200 { try store.put("old", at: "k\(index)") }
    var cursor = try store.scan(prefix: "k")
    var records = [try cursor.next()]
    for index in 100..<200 {
      _ = try store.commit([.put("k\(index)", "new"), .put("k\(index)b", "new")])
    }
    try store.compact()
    try store.compact { _, _ in false }
    while let record = try cursor.next() { records.append(record) }
    #expect(records == (100..<200).map { Record(key: "k\($0)", value: "old") })
    #expect(try all(store) == [])
  }

  // MARK: - Change streams

  @Test(arguments: Implementation.allCases)
  func changeStreamReturnsEachChangeOnce(_ implementation: Implementation) throws {
    let store = try implementation.open(scratch)
    try store.put("0", at: "a")
    var stream = try store.changeStream()
    #expect(try stream.next() == [])
    _ = try store.commit([.put("a", "1"), .remove("a")])
    _ = try store.commit([.put("a", "2")], if: [.equals("a", "0")])
    try store.put("3", at: "b")
    #expect(try stream.next() == [.put("a", "1"), .remove("a"), .put("b", "3")])
    #expect(try stream.next() == [])
  }

  @Test(arguments: Implementation.allCases)
  func changeStreamSurvivesOneCompaction(_ implementation: Implementation) throws {
    let store = try implementation.open(scratch, history: 0)
    try store.put("0", at: "a")
    var stream = try store.changeStream()
    for value in ["1", "2", "3"] {
      try store.put(value, at: "a")
      try store.compact { key, _ in key == "a" }
      try store.put(value, at: "b")
      #expect(try stream.next() == [.put("a", value), .put("b", value)])
    }
    for value in ["4", "5"] {
      try store.put(value, at: "a")
      try store.compact()
      #expect(try stream.next() == [.put("a", value)])
    }
  }

  @Test(arguments: Implementation.allCases)
  func changeStreamReportsLostChanges(_ implementation: Implementation) throws {
    let store = try implementation.open(scratch, history: 0)
    var stream = try store.changeStream()
    for value in ["1", "2", "3"] {
      try store.put(value, at: "a")
      try store.compact()
    }
    #expect(throws: StoreError.changesLost) { try stream.next() }
  }

  // MARK: - Versions and compactions

  @Test(arguments: Implementation.allCases)
  func versionChangesWithWatchedKeys(_ implementation: Implementation) throws {
    let store = try implementation.open(scratch, watching: ["settings/"])
    var versions = [try store.version()]
    try store.put("1", at: "set")
    #expect(try store.version() == versions[0])
    for change in [Change.put("settings/a", "1"), .put("settings/a", "1"), .remove("settings/a")] {
      _ = try store.commit([change])
      versions.append(try store.version())
    }
    try store.put("1", at: "settings/b")
    let version = try store.version()
    try store.compact { _, _ in false }
    versions += [version, try store.version()]
    #expect(Set(versions).count == versions.count)
    try store.waitForWriter()
  }

  @Test(arguments: Implementation.allCases)
  func compactionKeepsRecordsWrittenMeanwhile(_ implementation: Implementation) throws {
    let store = try implementation.open(scratch)
    _ = try store.commit([.put("a", "old"), .put("b", "old"), .put("c", "old"), .put("d", "old")])
    try store.compact { key, _ in
      if key == "a" { _ = try? store.commit([.put("b", "old"), .put("e", "new"), .remove("d")]) }
      return key == "c" || key == "d"
    }
    #expect(try all(store) == ["b=old", "c=old", "e=new"])
    try store.compact()
    #expect(try all(store) == ["b=old", "c=old", "e=new"])
  }

  /// All implementations answer a random sequence of operations alike; the one that is asked over the
  /// network takes part in the first two, which are shorter.
  @Test(arguments: 0..<5)
  func implementationsAgree(seed: UInt64) throws {
    let isShort = seed < 2
    let stores = try Implementation.allCases.filter { $0 != .dynamoDB || isShort }
      .map { try $0.open(scratch) }
    var random = SplitMix(state: seed)
    var streams = try stores.map { try $0.changeStream() }
    func key() -> String {
      ["a", "a/1", "a/2", "b", "b/1", "c"].randomElement(using: &random) ?? ""
    }
    for step in 0..<(isShort ? 60 : 200) {
      let (one, other) = (key(), key())
      let condition = [Condition.absent(one), .equals(one, "\(step - 1)")].randomElement(
        using: &random)
      let answers: [[String]]
      switch Int.random(in: 0..<10, using: &random) {
      case 0:
        answers = try stores.indices.map { index in
          try stores[index].compact { key, _ in key != one }
          return ["\(try streams[index].next())"]
        }
      case 1: answers = try streams.indices.map { ["\(try streams[$0].next())"] }
      case 2:
        answers = try stores.map { try $0.records(prefix: one, reversed: true).map { "\($0)" } }
      case 3...5:
        let changes: [Change] = [.put(one, "\(step)"), .remove(other), .put("c", "\(step)")]
        answers = try stores.map { ["\(try $0.commit(changes, if: condition.map { [$0] } ?? []))"] }
      default:
        answers = try stores.map {
          try $0.put("\(step)", at: one)
          return try all($0)
        }
      }
      #expect(Set(answers).count == 1)
    }
  }

  // MARK: - Private

  private func all(_ store: any KeyValueStore) throws -> [String] {
    try store.records(prefix: "").map { "\($0.key)=\($0.value)" }
  }

  /// A deterministic generator (SplitMix64).
  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
      return mixed ^ (mixed >> 31)
    }
  }
}
