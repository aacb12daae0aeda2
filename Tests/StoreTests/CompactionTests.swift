import Foundation
import Store
import Synchronization
import Testing

@Suite struct CompactionTests {
  @Test func compactionMergesJournalIntoTable() throws {
    let scratch = try ScratchDirectory()
    let store = try scratch.store()
    try store.put("1", at: "a")
    try store.put("2", at: "b")
    try store.compact()
    try store.put("3", at: "b")
    try store.remove("a")
    try store.put("4", at: "c")
    try store.compact()
    #expect(try store.all() == ["b=3", "c=4"])
    #expect(try scratch.store().all() == ["b=3", "c=4"])
    #expect(
      try scratch.names().map { $0.prefix { $0 != "." } } == [
        "compaction", "journal", "lock", "table",
      ])
    let report = try store.verify()
    #expect(report.isSound)
    #expect(report.tableRecords == 2)
    #expect(report.journalRecords == 0)
  }

  @Test func compactionWithoutChangesDoesNothing() throws {
    let scratch = try ScratchDirectory()
    let store = try scratch.store()
    try store.compact()
    #expect(try scratch.names() == ["compaction", "journal.0", "lock"])
    try store.put("1", at: "a")
    try store.compact()
    let names = try scratch.names()
    try store.compact()
    #expect(try scratch.names() == names)
  }

  @Test func compactionDropsRecordsNotKept() throws {
    let scratch = try ScratchDirectory()
    let (store, other) = (try scratch.store(), try scratch.store())
    _ = try store.commit([.put("event/1", "old"), .put("event/2", "new"), .put("link/1", "old")])
    try store.compact()
    try store.compact { key, value in !key.hasPrefix("event/") || value == "new" }
    for store in [store, other, try scratch.store()] {
      #expect(try store.all() == ["event/2=new", "link/1=old"])
    }
  }

  @Test func compactionIsVisibleToOpenStores() throws {
    let scratch = try ScratchDirectory()
    let (store, other) = (try scratch.store(), try scratch.store())
    for round in 0..<5 {
      try store.put("\(round)", at: "a")
      #expect(try other.get("a") == "\(round)")
      try (round.isMultiple(of: 2) ? store : other).compact()
      try other.put("\(round)", at: "b\(round)")
      #expect(try store.get("b\(round)") == "\(round)")
    }
    #expect(try store.all() == other.all())
  }

  @Test func readerCatchesUpAfterSeveralCompactions() throws {
    let scratch = try ScratchDirectory()
    let (store, late) = (try scratch.store(), try scratch.store())
    for round in 0..<3 {
      try store.put("\(round)", at: "a\(round)")
      try store.compact()
    }
    try store.put("3", at: "a3")
    #expect(try late.all() == ["a0=0", "a1=1", "a2=2", "a3=3"])
    try late.put("4", at: "a4")
    #expect(try store.get("a4") == "4")
  }

  @Test func compactionAllowsReadsAndWrites() throws {
    let scratch = try ScratchDirectory()
    let stores = [try scratch.store(), try scratch.store()]
    let problems = Mutex<[String]>([])
    onThreads(4) { thread in
      let store = stores[thread % 2]
      do {
        switch thread {
        case 0: for _ in 0..<15 { try store.compact() }
        default:
          for index in 0..<60 {
            let key = "\(thread)/\(index)"
            _ = try store.commit([.put(key, "x"), .put("last/\(thread)", "\(index)")])
            let last = try store.get("last/\(thread)")
            let count = try store.records(prefix: "\(thread)/").count
            guard try store.get(key) == "x", last == "\(index)", count == index + 1 else {
              problems.withLock { $0.append("\(key): \(last ?? "nil"), \(count)") }
              continue
            }
          }
        }
      } catch {
        problems.withLock { $0.append("\(error)") }
      }
    }
    #expect(problems.withLock { $0 } == [])
    #expect(try scratch.store().records(prefix: "").count == 183)
    #expect(try stores[0].verify().isSound)
  }

  @Test func concurrentCompactionsRunOneAfterAnother() throws {
    let scratch = try ScratchDirectory()
    let stores = [try scratch.store(), try scratch.store()]
    onThreads(2) { thread in
      for index in 0..<10 {
        try? stores[thread].put("v", at: "\(thread)/\(index)")
        try? stores[thread].compact()
      }
    }
    #expect(try scratch.store().records(prefix: "").count == 20)
    #expect(try scratch.names().count == 4)
  }

  @Test func compactionStartsWhenJournalHasGrown() throws {
    let scratch = try ScratchDirectory()
    let renamed = DispatchSemaphore(value: 0)
    let disk = FaultyDisk { call, _ in
      if call.kind == .rename { renamed.signal() }
      return nil
    }
    let store = try FileStore(at: scratch.path, disk: disk, compactAt: 1000)
    for index in 100..<150 { try store.put("value", at: "key\(index)") }
    #expect(renamed.wait(timeout: .now() + 10) == .success)
    try store.compact()
    #expect(try store.all().count == 50)
    #expect(store.notices == [])
  }

  @Test func backgroundCompactionReportsFailure() throws {
    let scratch = try ScratchDirectory()
    let removed = DispatchSemaphore(value: 0)
    let disk = FaultyDisk { call, _ in
      if call.kind == .remove { removed.signal() }
      return call.kind == .write && call.path.hasSuffix("draft") ? .refuse(28) : nil
    }
    let store = try FileStore(at: scratch.path, disk: disk, compactAt: 1000)
    for index in 100..<150 { try store.put("value", at: "key\(index)") }
    #expect(removed.wait(timeout: .now() + 10) == .success)
    #expect(throws: StoreError.self) { try store.compact() }
    // A second attempt can run in the background.
    let end = ContinuousClock.now + .seconds(10)
    while try store.notices.isEmpty || scratch.names().contains("draft"), ContinuousClock.now < end
    {
      Thread.sleep(forTimeInterval: 0.001)
    }
    #expect(store.notices.first?.description.contains("could not compact: write") == true)
    #expect(try store.all().count == 50)
    #expect(try !scratch.names().contains("draft"))
  }
}
