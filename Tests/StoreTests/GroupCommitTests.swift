import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Store

@Suite struct GroupCommitTests {
  let disk = FaultyDisk()
  let scratch: ScratchDirectory
  let store: FileStore

  init() throws {
    scratch = try ScratchDirectory()
    store = try scratch.store(disk)
  }

  @Test func putWritesAndSyncsOnce() throws {
    disk.plan { _, _ in nil }
    try store.put("v", at: "k")
    #expect(disk.calls.map(\.kind) == [.write, .sync])
  }

  @Test func waitingCommitsShareOneSync() throws {
    duringFirstSync { thread in try? store.put("v", at: "k\(thread)") }
    #expect(disk.calls.map(\.kind) == [.write, .sync, .write, .sync])
    #expect(try store.all().count == 8)
  }

  @Test func createSucceedsOnceInOneGroup() throws {
    let created = Mutex(0)
    duringFirstSync { thread in
      let isMine = try? store.create("\(thread)", at: "k")
      if isMine == true { created.withLock { $0 += 1 } }
    }
    #expect(created.withLock { $0 } == 1)
    #expect(disk.calls.map(\.kind) == [.write, .sync])
  }

  /// Runs a closure on eight threads.
  ///
  /// The first is in its sync from the start of the others until all
  /// of them wait.
  private func duringFirstSync(_ work: @escaping @Sendable (Int) -> Void) {
    let (store, isSyncing) = (store, DispatchSemaphore(value: 0))
    disk.plan { _, index in
      guard index == 1 else { return nil }
      for _ in 0..<7 { isSyncing.signal() }
      let end = ContinuousClock.now + .seconds(60)
      while store.committer.waiting.withLock({ $0.count }) < 7, ContinuousClock.now < end {
        sched_yield()
      }
      return nil
    }
    onThreads(8) { thread in
      if thread > 0 { _ = isSyncing.wait(timeout: .now() + 60) }
      work(thread)
    }
  }
}
