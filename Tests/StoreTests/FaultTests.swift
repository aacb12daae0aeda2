import Glibc
import Store
import Testing

@Suite struct FaultTests {
  let scratch: ScratchDirectory
  let disk = FaultyDisk()
  let store: FileStore

  init() throws {
    scratch = try ScratchDirectory()
    store = try scratch.store(disk)
    try store.put("1", at: "a")
  }

  @Test func failedWriteLeavesNothing() throws {
    let before = try scratch.bytes("journal.0")
    for written in 0..<40 {
      disk.plan { call, _ in call.kind == .write ? .partial(written, ENOSPC) : nil }
      let error = #expect(throws: StoreError.self) { try store.put("2", at: "a") }
      #expect(
        error == .unavailable(call: "write", code: ENOSPC, path: "\(scratch.path)/journal.0"))
      #expect(error?.description == "write \(scratch.path)/journal.0: No space left on device")
      #expect(error?.isTemporary == true)
      #expect(try scratch.bytes("journal.0") == before)
      #expect(try store.get("a") == "1")
    }
    disk.plan { _, _ in nil }
    try store.put("2", at: "a")
    #expect(try scratch.store().get("a") == "2")
  }

  @Test func shortWriteIsContinued() throws {
    disk.plan { call, _ in call.kind == .write ? .short(3) : nil }
    try store.put("2", at: "a")
    #expect(disk.count(.write) > 3)
    try store.compact()
    #expect(try scratch.store().get("a") == "2")
    disk.plan { call, _ in call.kind == .write ? .short(0) : nil }
    #expect(throws: StoreError.self) { try store.put("3", at: "a") }
    #expect(try store.get("a") == "2")
  }

  @Test func failedTruncationClosesStore() throws {
    disk.plan { call, _ in
      switch call.kind {
      case .write: .partial(10, ENOSPC)
      case .truncate: .refuse(EIO)
      default: nil
      }
    }
    #expect(throws: StoreError.self) { try store.put("2", at: "a") }
    disk.plan { _, _ in nil }
    try expectClosed()
    let next = try scratch.store()
    #expect(next.notices.count == 1)
    #expect(try next.get("a") == "1")
  }

  @Test func failedSyncClosesStore() throws {
    disk.plan { call, _ in call.kind == .sync ? .refuse(EIO) : nil }
    #expect(throws: StoreError.self) { try store.put("2", at: "a") }
    disk.plan { _, _ in nil }
    try expectClosed()
    #expect(disk.calls.isEmpty)
    #expect(try store.get("a") == "1")
    #expect(try scratch.store().get("a") == "2")
  }

  @Test func recoveryRewritesGroupsOfFailedSync() throws {
    disk.plan { call, _ in call.kind == .sync ? .refuse(EIO) : nil }
    #expect(throws: StoreError.self) { try store.put("2", at: "a") }
    let next = FaultyDisk()
    #expect(try scratch.store(next).get("a") == "2")
    let journal = next.calls.filter { $0.path.hasSuffix("journal.0") }
    #expect(journal.map(\.kind) == [.write, .sync])
  }

  @Test func groupOfDeadWriterStaysHiddenUntilSynced() throws {
    let before = try scratch.bytes("journal.0")
    try store.put("2", at: "a")
    let whole = try scratch.bytes("journal.0")
    let copy = try ScratchDirectory()
    try copy.write(before, "journal.0")
    let disk = FaultyDisk()
    let store = try copy.store(disk)
    try copy.write(whole, "journal.0")
    disk.plan { call, _ in call.kind == .sync ? .refuse(EIO) : nil }
    #expect(throws: StoreError.self) { try store.put("3", at: "b") }
    #expect(try store.all() == ["a=1"])
    #expect(try copy.store().all() == ["a=2"])
  }

  @Test func failedWriteFailsAllWaitingCommits() throws {
    disk.plan { call, _ in call.kind == .write ? .refuse(ENOSPC) : nil }
    onThreads(8) { thread in
      #expect(throws: StoreError.self) { try store.put("2", at: "k\(thread)") }
    }
    #expect(try store.all() == ["a=1"])
  }

  private func expectClosed() throws {
    let error = #expect(throws: StoreError.self) { try store.put("3", at: "a") }
    guard case .closed = error else { throw try #require(error) }
    #expect(error?.isTemporary == true)
    #expect(throws: StoreError.self) { try store.compact() }
    #expect(throws: StoreError.self) { try store.create("3", at: "a") }
  }
}
