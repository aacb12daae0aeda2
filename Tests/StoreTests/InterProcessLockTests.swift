import Glibc
import Store
import Testing

@Suite struct InterProcessLockTests {
  let scratch: ScratchDirectory
  let path: String

  init() throws {
    scratch = try ScratchDirectory()
    try LocalDisk().makeDirectory(scratch.path)
    path = "\(scratch.path)/lock"
  }

  @Test func lockExcludesOtherObjects() throws {
    let (holder, other) = (try InterProcessLock(at: path), try InterProcessLock(at: path))
    #expect(try holder.tryLock())
    #expect(try !other.tryLock())
    #expect(try other.withLockIfAvailable { true } == nil)
    holder.unlock()
    #expect(try other.withLockIfAvailable { true } == true)
    try other.withLock { () throws(StoreError) in
      let isFree = try holder.tryLock()
      #expect(!isFree)
    }
    try holder.lock()
    #expect(try scratch.mode("lock") == 0o600)
  }

  @Test func lockReportsPathThatCannotBeOpened() {
    #expect(throws: StoreError.unavailable(call: "open", code: ENOENT, path: "\(path)/x/lock")) {
      try InterProcessLock(at: "\(path)/x/lock")
    }
  }

  @Test func renameReplacesFileAndSyncsDirectory() throws {
    try scratch.write([1], "target")
    try scratch.write([2], "draft")
    let disk = FaultyDisk()
    #expect(
      try disk.renameDurably("\(scratch.path)/draft", to: "\(scratch.path)/target"))
    #expect(disk.calls.map(\.kind) == [.rename, .syncDirectory])
    #expect(disk.calls.last?.path == scratch.path)
    #expect(try scratch.bytes("target") == [2])
    #expect(try scratch.names() == ["target"])
  }

  @Test func renameKeepsExistingFileWhenNotReplacing() throws {
    for (isRenamed, content) in [(true, [UInt8(1)]), (false, [1])] {
      try scratch.write(isRenamed ? [1] : [2], "draft")
      let (draft, target) = ("\(scratch.path)/draft", "\(scratch.path)/target")
      #expect(
        try LocalDisk().renameDurably(draft, to: target, replacing: false) == isRenamed)
      #expect(try scratch.bytes("target") == content)
      #expect(try scratch.names() == ["target"])
    }
  }
}
