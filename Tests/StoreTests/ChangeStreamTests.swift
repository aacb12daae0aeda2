import Foundation
import Store
import Synchronization
import Testing

/// A disk whose next sync waits until the test proceeds.
private final class BlockingDisk: Disk {
  let blocks = Atomic(false)
  let syncing = DispatchSemaphore(value: 0)
  let proceed = DispatchSemaphore(value: 0)

  func sync(_ file: File) throws(StoreError) {
    if blocks.exchange(false, ordering: .relaxed) {
      syncing.signal()
      proceed.wait()
    }
    try LocalDisk().sync(file)
  }
}

/// Change streams of files, with other writers and compactions.
struct ChangeStreamTests {
  @Test func streamReturnsEachChangeOnce() throws {
    let scratch = try ScratchDirectory()
    let store = try scratch.store()
    try store.put("before", at: "a")
    var stream = try store.changeStream()
    #expect(try stream.next() == [])
    try store.put("1", at: "a")
    try store.put("2", at: "a")
    try store.remove("a")
    #expect(try stream.next() == [.put("a", "1"), .put("a", "2"), .remove("a")])
    #expect(try stream.next() == [])
  }

  @Test func streamReturnsChangesOfOtherStores() throws {
    let scratch = try ScratchDirectory()
    let reader = try scratch.store()
    let writer = try scratch.store()
    var stream = try reader.changeStream()
    try writer.put("1", at: "b")
    #expect(try stream.next() == [.put("b", "1")])
  }

  /// A reader that is notified of a write must wait until it is durable, but not for the next one.
  @Test func waitForWriterReturnsWhenCommitIsVisible() throws {
    let scratch = try ScratchDirectory()
    let disk = BlockingDisk()
    let writer = try scratch.store(disk)
    let reader = try scratch.store()
    disk.blocks.store(true, ordering: .relaxed)
    let written = DispatchSemaphore(value: 0)
    let thread = Thread {
      try? writer.put("1", at: "a")
      written.signal()
    }
    thread.start()
    disk.syncing.wait()
    #expect(try reader.get("a") == nil)
    let looked = DispatchSemaphore(value: 0)
    let waiter = Thread {
      try? reader.waitForWriter()
      looked.signal()
    }
    waiter.start()
    disk.proceed.signal()
    looked.wait()
    #expect(try reader.get("a") == "1")
    written.wait()
  }

  @Test func streamSurvivesRemovalOfJournal() throws {
    let scratch = try ScratchDirectory()
    let store = try scratch.store()
    try store.put("0", at: "a")
    var stream = try store.changeStream()
    try store.put("1", at: "a")
    try store.compact()
    try store.put("2", at: "a")
    #expect(try stream.next() == [.put("a", "1"), .put("a", "2")])
    try store.compact()
    try store.put("3", at: "a")
    #expect(try stream.next() == [.put("a", "3")])
  }

  @Test func streamReportsLostChanges() throws {
    let scratch = try ScratchDirectory()
    let store = try scratch.store()
    var stream = try store.changeStream()
    for value in ["1", "2", "3"] {
      try store.put(value, at: "a")
      try store.compact()
    }
    #expect(throws: StoreError.self) { try stream.next() }
  }
}
