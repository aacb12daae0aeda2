import Foundation
import Store
import Synchronization
import Testing

/// A disk that takes its time to make something durable: until it is told to go on.
private final class SlowDisk: Disk {
  let isSlow = Atomic(false)
  let syncing = DispatchSemaphore(value: 0)
  let goOn = DispatchSemaphore(value: 0)

  func sync(_ file: File) throws(StoreError) {
    if isSlow.exchange(false, ordering: .relaxed) {
      syncing.signal()
      goOn.wait()
    }
    try LocalDisk().sync(file)
  }
}

/// Who reads on sees each change once, in order, whoever made it and whatever was compacted.
struct TailTests {
  @Test func tellsOfEachChangeOnce() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    try store.put("before", at: "a")
    var tail = try store.changeStream()
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
    var tail = try reader.changeStream()
    try writer.put("1", at: "b")
    #expect(try tail.next() == [.put("b", "1")])
  }

  /// Who is told of a write must not look before it is durable, and not wait for the next one either.
  @Test func waitsForTheWriterWhoIsAtIt() throws {
    let scratch = try Scratch()
    let disk = SlowDisk()
    let writer = try scratch.store(disk)
    let reader = try scratch.store()
    disk.isSlow.store(true, ordering: .relaxed)
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
    disk.goOn.signal()
    looked.wait()
    #expect(try reader.get("a") == "1")
    written.wait()
  }

  @Test func missesNothingWhereTheJournalWasTakenAway() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    try store.put("0", at: "a")
    var tail = try store.changeStream()
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
    var tail = try store.changeStream()
    for value in ["1", "2", "3"] {
      try store.put(value, at: "a")
      try store.compact()
    }
    #expect(throws: StoreError.self) { try tail.next() }
  }
}
