import Foundation
import StepKit
import Testing
import Values

@testable import Catalog
@testable import Dispatcher
@testable import Operations
@testable import Records
@testable import Service
@testable import Setup

/// What a function may do to its dispatcher: nothing, within its deadline.
@Suite(.serialized) struct MisbehavingFunctionTests {
  @Test(arguments: [
    ("exit 0", "ended without a reply"), ("echo '{}{}'", "there is more after the document"),
    ("echo '{}'; echo '{}'", "there is more after the document"),
    ("echo garbage", "is no reply"), ("echo oops >&2; exit 3", "ended with status 3: oops"),
    ("kill -9 $$", "was ended by signal 9; its memory is limited to 64 MiB"),
    ("exec 0<&-; echo '{\"outcome\":\"ask\"}'; exit 1", "status 1"),
    ("head -c 2000000 /dev/zero", "wrote more than 1 MiB"), ("sleep 30", "gave no reply within"),
    ("head -c 10000000 /dev/zero >&2; exit 1", "ended with status 1"),
    ("trap '' TERM INT HUP; while :; do :; done", "gave no reply within"),
    ("exec >&- 2>&-; sleep 30", "gave no reply within"),
    (
      "read -r line; head -c 1000000000 /dev/zero > large; ls -l large >&2; exit 1", "16777216"
    ),
  ])
  func endsInTimeAndIsNamedInTheActivityLog(body: String, reason: String) throws {
    let house = try House(deadline: 1, memory: 64)
    _ = try house.connect()
    try house.script("beta-take", "cd \(house.path)\n\(body)")
    let start = Date()
    let run = try #require(try house.dispatch().first)
    #expect(Date().timeIntervalSince(start) < 5)
    let note = try RunStore(home: house.home).run(run.id).log.last?.note ?? ""
    #expect(note.hasPrefix("the function beta/take ") && note.contains(reason), "\(note)")
  }

  @Test func isGivenNoMoreMemoryThanItMayHave() throws {
    let house = try House(deadline: 60, memory: 64)
    try house.script("beta-take", "exec tail /dev/zero")
    let problem = #expect(throws: Problem.self) {
      try house.functions.call(#require(StepID("beta/take")), with: 1)
    }
    #expect(
      problem?.description
        == "the function beta/take ended with status 1: tail: memory exhausted")
  }

  @Test func restrainsWhatItStarts() throws {
    let house = try House(memory: 64)
    try house.script(
      "beta-take",
      #"read -r line; printf '{"data":"%s","core":"%s"}\n' "$(ulimit -d)" "$(ulimit -c)""#)
    let said = try house.functions.call(#require(StepID("beta/take")), with: 1)
    #expect(said == ["core": "0", "data": "65536"])
  }

  @Test func ignoresWhatItSaysOnStandardError() throws {
    let house = try House()
    try house.script("beta-take", "head -c 10000000 /dev/zero >&2; echo '{\"outcome\":\"x\"}'")
    #expect(try house.functions.call(#require(StepID("beta/take")), with: 1) == ["outcome": "x"])
  }

  @Test func leavesNoChildBehind() throws {
    let house = try House()
    let mark = "\(house.path)/child"
    try house.script("beta-take", "sleep 60 & echo $! > \(mark); echo '{\"outcome\":\"x\"}'")
    let start = Date()
    #expect(try house.functions.call(#require(StepID("beta/take")), with: 1) == ["outcome": "x"])
    #expect(Date().timeIntervalSince(start) < 3)
    let text = try String(contentsOfFile: mark, encoding: .utf8)
    let child = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(isGone(child))
  }

  @Test func givesItAnEmptyEnvironmentNoArgumentsAndThreeDescriptors() throws {
    let house = try House()
    setenv("METERBRIDGE_CANARY", "canary", 1)
    defer { unsetenv("METERBRIDGE_CANARY") }
    // What the kernel keeps of the shell's own start, and not what the shell adds for its children.
    try house.script(
      "beta-take",
      """
      read -r line
      printf '{"env":"%s","args":"%s","fds":"%s"}\\n' "$(tr '\\0' ' ' < /proc/$$/environ)" \
        "$(tr '\\0' ' ' < /proc/$$/cmdline)" "$(echo /proc/self/fd/*)"
      """)
    let said = try house.functions.call(#require(StepID("beta/take")), with: 1)
    #expect(said["env"] == "")
    #expect(said["args"].string == "/bin/sh \(house.path)/bin/beta-take ")
    let open = (said["fds"].string ?? "").split(separator: " ").count
    #expect(open <= 4, "\(said.text)")
  }

  @Test func carriesALargeInputAndOutput() throws {
    let house = try House()
    try house.script("beta-take", "cat")
    let large = JSON.string(String(repeating: "x", count: 900_000))
    #expect(try house.functions.call(#require(StepID("beta/take")), with: large) == large)
  }

  @Test func takesTheReplyOfOneThatClosesItsInput() throws {
    let house = try House()
    try house.script("beta-take", "exec 0<&-; echo '{\"outcome\":\"x\"}'")
    let large = JSON.string(String(repeating: "x", count: 900_000))
    #expect(
      try house.functions.call(#require(StepID("beta/take")), with: large) == ["outcome": "x"])
  }
}

/// Whether a process ends soon.
///
/// A killed orphan is a zombie until whoever inherits it looks: that is gone, too.
func isGone(_ process: Int32) -> Bool {
  for _ in 0..<500 {
    let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    guard let status, !status.contains(") Z ") else { return true }
    usleep(10_000)
  }
  return false
}
