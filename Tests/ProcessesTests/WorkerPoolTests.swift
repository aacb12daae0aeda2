import Foundation
import Processes
import Synchronization
import Testing
import Values

/// Warm workers of a pool.
@Suite(.serialized) struct WorkerPoolTests {
  /// The answer of a worker; nil where a process of its own would be asked.
  private func call(_ pool: WorkerPool, _ program: Program) -> JSON? {
    pool.answer(of: program, to: Array(#"{"input":1}"#.utf8)) { try? JSON(parsing: $0) }.value
  }

  @Test func oneWorkerAnswersManyCalls() throws {
    let folder = try ScriptFolder()
    let pool = WorkerPool(PoolOptions())
    let program = try folder.program(counting())
    let replies = (1...5).compactMap { _ in call(pool, program) }
    #expect(replies.compactMap { $0["n"].int } == [1, 2, 3, 4, 5])
    #expect(Set(replies.map { $0["pid"].text }).count == 1)
    #expect(pool.count == 1)
  }

  @Test func workerIsReplacedAfterItsLastCall() throws {
    let folder = try ScriptFolder()
    let pool = WorkerPool(PoolOptions(maxCalls: 2))
    let program = try folder.program(counting())
    let replies = (1...5).compactMap { _ in call(pool, program) }
    #expect(replies.compactMap { $0["n"].int } == [1, 2, 1, 2, 1])
    #expect(isGone(Int32(try #require(replies[0]["pid"].int))))
  }

  @Test func idleWorkerIsEnded() throws {
    let folder = try ScriptFolder()
    let pool = WorkerPool(PoolOptions(idleTimeout: 0.05))
    let program = try folder.program(counting())
    let reply = try #require(call(pool, program))
    #expect(isGone(Int32(try #require(reply["pid"].int))))
    #expect(pool.count == 0)
    #expect(call(pool, program)?["n"].int == 1)
  }

  @Test func idleWorkersAreEndedOnRequest() throws {
    let folder = try ScriptFolder()
    let pool = WorkerPool(PoolOptions())
    let reply = try #require(call(pool, try folder.program(counting())))
    pool.endIdle()
    #expect(pool.count == 0)
    #expect(isGone(Int32(try #require(reply["pid"].int))))
  }

  @Test func idleWorkerMakesRoomForAnotherProgram() throws {
    let folder = try ScriptFolder()
    let pool = WorkerPool(PoolOptions(maxWorkers: 1))
    let one = try folder.program(counting(), name: "one")
    let other = try folder.program(counting(), name: "other")
    let first = try #require(call(pool, one))
    #expect(call(pool, other)?["n"].int == 1)
    #expect(pool.count == 1)
    #expect(isGone(Int32(try #require(first["pid"].int))))
    #expect(call(pool, one)?["n"].int == 1)
  }

  @Test(arguments: [
    "exit 0", "exit 3", "kill -9 $$", "echo garbage; continue", "echo; continue",
    "printf '{}\\n{}\\n'",
    "printf '{}'", "sleep 30", "exec 1>&-", "head -c 2000000 /dev/zero",
  ])
  func misbehavingWorkerIsEnded(misdeed: String) throws {
    let folder = try ScriptFolder()
    let pool = WorkerPool(PoolOptions())
    let program = try folder.program(counting(misdeed), timeout: 1)
    let first = try #require(call(pool, program))
    let second = call(pool, program)
    #expect(second?["n"].int ?? 1 == 1, "nil, or of a new worker if the first had exited")
    #expect(isGone(Int32(try #require(first["pid"].int))))
    #expect(call(pool, program)?["n"].int ?? 1 == 1, "such a program is still kept")
  }

  @Test func outputBetweenCallsIsNotBelieved() throws {
    let folder = try ScriptFolder()
    let pool = WorkerPool(PoolOptions())
    let mark = "\(folder.path)/said"
    let program = try folder.program(
      "read -r line; echo '{\"n\":1}'; sleep 0.05; echo '{\"n\":2}'; touch \(mark); read -r line")
    #expect(call(pool, program)?["n"].int == 1)
    _ = try folder.text(of: "said")
    #expect(call(pool, program)?["n"].int == 1)
  }

  @Test func descendantsOfAMisbehavingWorkerAreKilled() throws {
    let folder = try ScriptFolder()
    let pool = WorkerPool(PoolOptions())
    let program = try folder.program(
      "read -r line; sleep 60 & echo \"{\\\"child\\\":$!}\"; read -r line || exit 0; exit 1")
    let child = try #require(call(pool, program)?["child"].int)
    _ = call(pool, program)
    #expect(isGone(Int32(child)))
  }

  @Test func programThatNeedsTheEndOfItsInputGetsOneWorkerOnly() throws {
    let folder = try ScriptFolder()
    let pool = WorkerPool(PoolOptions())
    let program = try folder.program(
      "echo >> \(folder.path)/starts; cat > /dev/null; echo '{\"n\":1}'", timeout: 0.5)
    #expect(call(pool, program)?["n"].int == 1, "the worker's input ended")
    for _ in 1...2 { #expect(call(pool, program) == nil) }
    #expect(try folder.text(of: "starts").count == 1)
  }

  @Test func standardErrorIsDropped() throws {
    let folder = try ScriptFolder()
    let pool = WorkerPool(PoolOptions())
    let program = try folder.program(counting("head -c 1000000 /dev/zero >&2"))
    #expect((1...3).map { _ in call(pool, program)?["n"].int } == [1, 2, 3])
  }

  @Test func largeInputAndOutputPass() throws {
    let folder = try ScriptFolder()
    let pool = WorkerPool(PoolOptions())
    let program = try folder.program("exec cat")
    let large = [UInt8](repeating: 120, count: 900_000)
    for _ in 1...2 { #expect(pool.answer(of: program, to: large) { $0 }.value == large) }
    #expect(pool.count == 1)
  }

  @Test func programThatDoesNotStartLeaksNoMemory() throws {
    let pool = WorkerPool(PoolOptions())
    let program = Program(path: "/nowhere/program", timeout: 1, maxOutput: 1 << 20)
    let before = try Self.megabytes()
    for _ in 1...4000 {
      #expect(call(pool, program) == nil)
      #expect(throws: SystemError.self) { try program.run(input: []) }
    }
    // 64 KiB each would be 250; other tests allocate and free theirs
    let end = ContinuousClock.now + .seconds(20)
    while try Self.megabytes() >= before + 150 { try #require(ContinuousClock.now < end) }
    #expect(pool.count == 0)
  }

  /// MiB of private memory that this process has mapped.
  private static func megabytes() throws -> Int {
    let words = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(
      separator: " ")
    let pages = try #require(Int(words[5]))
    return (pages * Int(getpagesize())) >> 20
  }

  @Test func concurrentCallersGetTheirOwnAnswers() throws {
    let folder = try ScriptFolder()
    let pool = WorkerPool(PoolOptions(maxWorkers: 3, maxCalls: 7))
    let program = try folder.program("exec cat")
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for number in 0..<40 {
        let line = Array("\(thread) \(number)".utf8)
        // Nil where all workers are busy
        let answer = pool.answer(of: program, to: line) { $0 }.value ?? line
        if answer != line { wrong.withLock { $0 += 1 } }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
    #expect(pool.count <= 3)
  }
}
