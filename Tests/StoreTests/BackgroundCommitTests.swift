import Store
import Synchronization
import Testing

/// Commits in the background, independent transactions, and versions.
@Suite struct BackgroundCommitTests {
  let scratch: ScratchDirectory
  let store: FileStore

  init() throws {
    scratch = try ScratchDirectory()
    store = try scratch.store()
  }

  @Test func completionFollowsDurableCommit() async throws {
    let answers: [Bool] = await withCheckedContinuation { told in
      let heard = Mutex<[Bool]>([])
      for (value, conditions) in [("1", []), ("2", [Condition.absent("a")])] {
        do {
          try store.commit([.put("a", value)], if: conditions) { result in
            let all = heard.withLock { heard in
              heard.append((try? result.get()) ?? false)
              return heard
            }
            if all.count == 2 { told.resume(returning: all) }
          }
        } catch {
          Issue.record(error)
        }
      }
    }
    #expect(answers == [true, false])
    #expect(try scratch.store().all() == ["a=1"])
  }

  @Test func synchronousCommitIncludesBackgroundCommit() async throws {
    try store.commit([.put("a", "1")]) { _ in }
    try store.put("2", at: "b")
    #expect(try store.all() == ["a=1", "b=2"])
  }

  @Test func backgroundCommitRefusesInvalidKey() {
    #expect(throws: StoreError.self) { try store.commit([.put("", "1")]) { _ in } }
  }

  @Test func independentTransactionsReportTheirOutcomes() throws {
    let answers = store.commit(each: [
      Transaction([.put("a", "1")], if: [.absent("a")]),
      Transaction([.put("a", "2")], if: [.absent("a")]),
      Transaction([.put("\n", "3")]),
      Transaction([.put("b", "4")]),
    ])
    #expect(answers.map { try? $0.get() } == [true, false, nil, true])
    #expect(try store.all() == ["a=1", "b=4"])
  }

  @Test func versionChangesWithWatchedKeyOfOtherProcess() throws {
    let one = try FileStore(at: scratch.path, watching: ["settled/"])
    let other = try FileStore(at: scratch.path, watching: ["settled/"])
    let version = try one.version()
    try other.put("1", at: "set")
    #expect(try one.version() == version)
    try other.put("1", at: "settled/a")
    let next = try one.version()
    #expect(next != version)
    try one.remove("settled/a")
    #expect(try one.version() != next)
  }

  @Test func versionChangesWithCompactionOfOtherProcess() throws {
    let one = try FileStore(at: scratch.path, watching: ["settled/"])
    let other = try scratch.store()
    let version = try one.version()
    try other.put("1", at: "settled/a")
    try other.compact()
    #expect(try one.version() != version)
  }
}
