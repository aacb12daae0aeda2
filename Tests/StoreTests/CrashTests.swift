import Glibc
import Store
import Testing

/// A program that dies, or is refused, at each thing that it asks of the disk.
@Suite struct CrashTests {
  /// What a test does to a store: two tables, journals and drafts take part.
  private static func work(_ store: FileStore, _ acknowledged: (Int) -> Void) throws {
    for index in 0..<2 {
      _ = try store.commit([.put("a", "\(index)"), .put("b\(index)", "\(index)")])
      acknowledged(index)
      try store.compact()
    }
    _ = try store.commit([.put("a", "2"), .put("b2", "2")])
    acknowledged(2)
    try store.compact { key, _ in key != "b0" }
  }

  @Test(arguments: [0, 1, 30])
  func losesNothingWhereverItDies(bytesWritten: Int) throws {
    for index in 0..<200 {
      let scratch = try Scratch()
      let disk = FaultyDisk { _, call in call == index ? .die(bytes: bytesWritten) : nil }
      var last = -1
      let done = Result { try Self.work(try scratch.store(disk)) { last = $0 } }
      try expectWhole(scratch, last)
      guard disk.isDead else {
        try done.get()
        #expect(index > 20)
        return
      }
    }
    Issue.record("it never ends")
  }

  @Test func losesNothingWhateverIsRefused() throws {
    for index in 0..<200 {
      let scratch = try Scratch()
      let disk = FaultyDisk { _, call in call == index ? .refuse(ENOSPC) : nil }
      var last = -1
      let done = Result { try Self.work(try scratch.store(disk)) { last = $0 } }
      try expectWhole(scratch, last)
      guard case .failure(let error) = done else {
        guard disk.calls.count <= index else { continue }
        return
      }
      #expect((error as? StoreError)?.isTemporary == true)
    }
    Issue.record("it never ends")
  }

  @Test(arguments: [false, true], UnsafeDisk.Names.allCases)
  func losesNothingWheneverThePowerFails(zeros: Bool, names: UnsafeDisk.Names) throws {
    for index in 0..<200 {
      let scratch = try Scratch()
      _ = try scratch.store()  // A directory that is not there yet can be lost as a whole.
      let attic = try Scratch()
      let disk = UnsafeDisk(failsAt: index, attic: attic.path)
      var last = -1
      let done = Result { try Self.work(try scratch.store(disk)) { last = $0 } }
      guard disk.isOff else { return try done.get() }
      disk.losePower(zeros: zeros, names: names)
      if index.isMultiple(of: 2) { try scratch.write([UInt8](repeating: 0, count: 24), "lock") }
      try expectWhole(scratch, last)
    }
    Issue.record("it never ends")
  }

  /// A store that is opened afterwards has all that was acknowledged, and perhaps one more whole
  /// transaction; it is sound, and takes more.
  private func expectWhole(_ scratch: Scratch, _ last: Int) throws {
    let store = try scratch.store()
    let newest = try store.get("a").flatMap { Int($0) } ?? -1
    #expect(newest == last || newest == last + 1)
    for index in 0..<3 where index != 0 || newest < 2 {
      #expect(try store.get("b\(index)") == (index <= newest ? "\(index)" : nil))
    }
    try store.put("after", at: "z")
    try store.compact()
    #expect(try scratch.store().get("z") == "after")
    #expect(try store.verify().isSound)
    #expect(try scratch.names().count == 4)
  }
}
