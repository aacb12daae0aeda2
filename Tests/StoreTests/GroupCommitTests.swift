import Glibc
import Synchronization
import Testing

@testable import Store

@Suite struct GroupCommitTests {
  let disk = FaultyDisk()
  let scratch: Scratch
  let store: Store

  init() throws {
    scratch = try Scratch()
    store = try scratch.store(disk)
  }

  @Test func writesAndSyncsOnceForAPut() throws {
    disk.plan { _, _ in nil }
    try store.put("v", at: "k")
    #expect(disk.calls.map(\.kind) == [.write, .sync])
  }

  @Test func writesAndSyncsOnceForAllWhoWait() throws {
    keepTheFirstUntilOthersWait(7)
    onThreads(8) { thread in try? store.put("v", at: "k\(thread)") }
    #expect(disk.calls.map(\.kind) == [.write, .sync, .write, .sync])
    #expect(try store.all().count == 8)
  }

  @Test func letsOneOfThoseWhoShareAWriteCreate() throws {
    let created = Mutex(0)
    keepTheFirstUntilOthersWait(7)
    onThreads(8) { thread in
      let isMine = try? store.create("\(thread)", at: "k")
      if isMine == true { created.withLock { $0 += 1 } }
    }
    #expect(created.withLock { $0 } == 1)
    #expect(disk.calls.map(\.kind) == [.write, .sync])
  }

  private func keepTheFirstUntilOthersWait(_ count: Int) {
    let store = store
    disk.plan { call, index in
      while index == 1, store.waiting.withLock({ $0.count }) < count { sched_yield() }
      return nil
    }
  }
}
