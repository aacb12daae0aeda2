import Catalog
import Foundation
import Processes
import Records
import Setup
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
    ("printf '{}\\n{}\\n'", "there is more after the document"),
    ("echo garbage", "invalid reply"), ("echo oops >&2; exit 3", "exited with status 3: oops"),
    ("printf '{}'; exit 3", "exited with status 3"),
    ("kill -9 $$", "was killed by signal 9; its memory limit is 64 MiB"),
    ("exec 0<&-; echo '{\"outcome\":\"ask\"}'; exit 1", "asks for nothing"),
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

  /// A whole line is the reply of a worker and of a process of its own, however it ends after that.
  @Test(arguments: [nil, PoolOptions()], ["exit 3", "kill -9 $$", "exit 0"])
  func wholeLineIsTheReply(pool: PoolOptions?, ending: String) throws {
    let fixture = try TestHome(pool: pool)
    try fixture.script("beta-take", "read -r line; echo '{\"n\":1}'; \(ending)")
    for _ in 1...3 {
      #expect(try fixture.functions.call(#require(StepID("beta/take")), with: 1) == ["n": 1])
    }
  }

  @Test(arguments: [#"{"outcome":"done"}"#, #"{"outcome":"done","output":[1]}"#])
  func triggerThatGivesNoNounFails(reply: String) throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try fixture.script("alpha-made", "read -r line; echo '\(reply)'")
    try fixture.script(
      "beta-take", "read -r line; echo '{\"outcome\":\"stop\",\"reason\":\"called\"}'")
    let run = try #require(try fixture.dispatch().first)
    #expect(run.status == .failed)
    #expect(
      run.reason?.contains("it gives no thing: it is no object") == true, "\(run.reason ?? "")")
  }

  @Test func idWithASlashIsForAppsThatDeclareIt() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    let ask =
      #"{"effects":[{"http":{"method":"GET","name":"n","path":"/things/a%2Fb"}}],"outcome":"ask"}"#
    try fixture.script("beta-take", "read -r line; echo '\(ask)'")
    let run = try #require(try fixture.dispatch().first)
    #expect(
      run.reason?.contains("app.json does not say how ids are encoded") == true,
      "\(run.reason ?? "")")
  }

  @Test func needOfAStepIsAllowedByAnOperator() throws {
    let fixture = try TestHome()
    func catalog(_ needs: String) throws -> AppCatalog {
      let folder = "\(fixture.path)/other/epsilon"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let app = #"""
        {"name":"Epsilon","scope":"epsilon:e","settings":[],
         "http":{"base":"https://epsilon.example","encoding":"json","auth":{"bearer":"k"}},"test":{"path":"/"},
         "steps":{"take":{"label":"Take","kind":"action","takes":"thing","needs":\#(needs)}}}
        """#
      try FileManager.default.createDirectory(
        atPath: "\(fixture.path)/other/flows", withIntermediateDirectories: true)
      try Data(app.utf8).write(to: URL(filePath: folder + "/app.json"))
      return try AppCatalog(functions: "\(fixture.path)/other")
    }
    let step = try #require(StepID("epsilon/take"))
    let first = try catalog(#"{"files":["/etc/ssl"]}"#)
    let permissions = StepPermissions(home: fixture.home, catalog: first)
    #expect(throws: Problem.self) { try permissions.granted(to: step) }
    try permissions.allow(first.step(step))
    #expect(try permissions.granted(to: step)?.files == ["/etc/ssl"])
    let more = try catalog(#"{"files":["/etc/ssl"],"network":true}"#)
    let problem = #expect(throws: Problem.self) {
      try StepPermissions(home: fixture.home, catalog: more).granted(to: step)
    }
    #expect(problem?.description.contains("the network, /etc/ssl, which is not allowed") == true)
    try permissions.forbid(step)
    #expect(throws: Problem.self) { try permissions.granted(to: step) }
    #expect(throws: Problem.self) { try catalog(#"{"files":["relative"]}"#) }
    #expect(throws: Problem.self) { try catalog(#"{"root":true}"#) }
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
    "printf '{}'", "exec 1>&-", "head -c 2000000 /dev/zero",
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

  /// What hangs once would hold up others twice as long.
  @Test func callThatHangsIsNotMadeAgain() throws {
    let fixture = try TestHome(timeout: 0.5, pool: PoolOptions())
    let starts = "\(fixture.path)/starts"
    try fixture.script(
      "beta-take",
      "echo >> \(starts); read -r line; echo '{}'; read -r line; read -r line; sleep 30")
    let step = try #require(StepID("beta/take"))
    _ = try fixture.functions.call(step, with: ["input": 1])
    let problem = #expect(throws: Problem.self) {
      try fixture.functions.call(step, with: ["input": 1])
    }
    #expect(
      problem?.description == "the function beta/take gave no reply within 0.5 s and was killed")
    #expect(try String(contentsOfFile: starts, encoding: .utf8).count == 1)
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
    #expect(lines == 3, "one worker, whose input ended, and then one process for each call")
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
