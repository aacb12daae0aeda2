import Glibc
import Store
import Testing

@Suite struct GroupCommitTests {
  @Test func sharesASyncAmongThoseWhoWait() throws {
    let scratch = try Scratch()
    let disk = FaultyDisk()
    let store = try scratch.store(disk)
    disk.plan { call, _ in
      if call.kind == .sync { usleep(2000) }  // A slow disk, so that others come meanwhile.
      return nil
    }
    onThreads(2) { thread in
      for index in 0..<20 { try? store.put("v", at: "\(thread)/\(index)") }
    }
    #expect(try store.all().count == 40)
    #expect(disk.count(.sync) == disk.count(.write))
    #expect(disk.count(.sync) <= 40)
  }

  @Test func writesAndSyncsOnceForAPut() throws {
    let scratch = try Scratch()
    let disk = FaultyDisk()
    let store = try scratch.store(disk)
    disk.plan { _, _ in nil }
    try store.put("v", at: "k")
    #expect(disk.calls.map(\.kind) == [.write, .sync])
  }
}
