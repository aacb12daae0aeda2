import Glibc
import Store
import Testing

/// A crash, a failure or a power loss at each call of the disk.
@Suite struct CrashTests {
  /// Uses two tables with their journals and drafts.
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
  func crashAtAnyCallLosesNothing(bytesWritten: Int) throws {
    for index in 0..<200 {
      let scratch = try ScratchDirectory()
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
    Issue.record("the work did not end within 200 calls")
  }

  @Test func failureOfAnyCallLosesNothing() throws {
    for index in 0..<200 {
      let scratch = try ScratchDirectory()
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
    Issue.record("the work did not end within 200 calls")
  }

  @Test(arguments: [false, true], PowerLossDisk.Names.allCases)
  func powerLossAtAnyCallLosesNothing(zeros: Bool, names: PowerLossDisk.Names) throws {
    for index in 0..<200 {
      let scratch = try ScratchDirectory()
      _ = try scratch.store()  // A new directory can be lost as a whole.
      let removedFiles = try ScratchDirectory()
      let disk = PowerLossDisk(failsAt: index, removedFiles: removedFiles.path)
      var last = -1
      let done = Result { try Self.work(try scratch.store(disk)) { last = $0 } }
      guard disk.isOff else { return try done.get() }
      disk.losePower(zeros: zeros, names: names)
      if index.isMultiple(of: 2) { try scratch.write([UInt8](repeating: 0, count: 24), "lock") }
      try expectWhole(scratch, last)
    }
    Issue.record("the work did not end within 200 calls")
  }

  /// The reopened store has everything that was acknowledged, and at most one more transaction.
  ///
  /// It is sound and accepts commits.
  private func expectWhole(_ scratch: ScratchDirectory, _ last: Int) throws {
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
