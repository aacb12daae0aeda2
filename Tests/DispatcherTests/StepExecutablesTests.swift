import Catalog
import Foundation
import Processes
import Records
import StepKit
import Synchronization
import TestHomes
import TestSupport
import Testing
import Values

@testable import Dispatcher

/// Calls of steps that misbehave: they fail in time, with a reason.
@Suite(.serialized) struct StepExecutablesTests {
  @Test(arguments: [
    ("exit 0", "exited without a reply"), ("echo '{}{}'", "there is more after the document"),
    ("echo '{}'; echo '{}'", "there is more after the document"),
    ("echo garbage", "invalid reply"), ("echo oops >&2; exit 3", "exited with status 3: oops"),
    ("kill -9 $$", "was killed by signal 9; its memory limit is 64 MiB"),
    ("exec 0<&-; echo '{\"outcome\":\"ask\"}'; exit 1", "status 1"),
    ("head -c 2000000 /dev/zero", "wrote more than 1 MiB"), ("sleep 30", "gave no reply within"),
    ("head -c 10000000 /dev/zero >&2; exit 1", "exited with status 1"),
    ("trap '' TERM INT HUP; while :; do :; done", "gave no reply within"),
    ("exec >&- 2>&-; sleep 30", "gave no reply within"),
    (
      "read -r line; head -c 1000000000 /dev/zero > large; ls -l large >&2; exit 1", "16777216"
    ),
  ])
  func misbehavingStepIsNamedInTheActivityLog(body: String, reason: String) throws {
    let fixture = try TestHome(timeout: 1, memory: 64)
    _ = try fixture.connect()
    try fixture.script("beta-take", "cd \(fixture.path)\n\(body)")
    let start = Date()
    let run = try #require(try fixture.dispatch().first)
    #expect(Date().timeIntervalSince(start) < 5)
    let note = try RunStore(home: fixture.home).run(run.id).log.last?.note ?? ""
    #expect(note.hasPrefix("the function beta/take ") && note.contains(reason), "\(note)")
  }

  @Test func stepGetsNoMoreMemoryThanItsLimit() throws {
    let fixture = try TestHome(timeout: 60, memory: 64)
    try fixture.script("beta-take", "exec tail /dev/zero")
    let problem = #expect(throws: Problem.self) {
      try fixture.functions.call(#require(StepID("beta/take")), with: 1)
    }
    #expect(
      problem?.description
        == "the function beta/take exited with status 1: tail: memory exhausted")
  }

  /// A worker that fails is replaced by a process of its own for the same call.
  @Test(arguments: [
    "exit 0", "exit 3", "kill -9 $$", "echo garbage; continue", "echo; continue",
    "printf '{}\\n{}\\n'",
    "printf '{}'", "sleep 30", "exec 1>&-", "head -c 2000000 /dev/zero",
  ])
  func callIsMadeAgainByANewProcessIfAWorkerFails(misdeed: String) throws {
    let fixture = try TestHome(timeout: 1, pool: PoolOptions())
    try fixture.script(
      "beta-take",
      #"""
      n=0
      while read -r line; do
        n=$((n+1))
        if [ $n = 2 ]; then \#(misdeed); fi
        echo "{\"n\":$n,\"pid\":$$}"
      done
      """#)
    let first = try fixture.functions.call(#require(StepID("beta/take")), with: ["input": 1])
    let second = try fixture.functions.call(#require(StepID("beta/take")), with: ["input": 1])
    #expect(second["n"].int == 1, "\(second.text)")
    #expect(second["pid"] != first["pid"])
  }

  @Test func stepThatNeedsTheEndOfItsInputGetsAProcessForEachCall() throws {
    let fixture = try TestHome(timeout: 0.5, pool: PoolOptions())
    let starts = "\(fixture.path)/starts"
    try fixture.script("beta-take", "echo >> \(starts); cat > /dev/null; echo '{\"n\":1}'")
    for _ in 1...3 {
      let reply = try fixture.functions.call(#require(StepID("beta/take")), with: ["input": 1])
      #expect(reply["n"].int == 1)
    }
    let lines = try String(contentsOfFile: starts, encoding: .utf8).count
    #expect(lines == 4, "one worker, and then one process for each call")
  }

  @Test func concurrentCallersGetTheirOwnReplies() throws {
    let fixture = try TestHome(pool: PoolOptions(maxWorkers: 3, maxCalls: 7))
    try fixture.script("beta-take", "exec cat")
    let functions = fixture.functions
    let step = try #require(StepID("beta/take"))
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for number in 0..<40 {
        let document = JSON.string("\(thread) \(number)")
        let answer = try? functions.call(step, with: document)
        if answer != document { wrong.withLock { $0 += 1 } }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
  }
}
