import Foundation
import Step
import Testing

@testable import Dispatcher

/// What a function may do to its dispatcher: nothing, within its deadline.
@Suite(.serialized) struct MisbehavingFunctionTests {
  @Test(arguments: [
    ("exit 0", "ended without a reply"), ("echo '{}{}'", "there is more after the document"),
    ("echo garbage", "is no reply"), ("echo oops >&2; exit 3", "ended with status 3: oops"),
    ("kill -9 $$", "was ended by signal 9"),
    ("exec 0<&-; echo '{\"outcome\":\"ask\"}'; exit 1", "status 1"),
    ("head -c 2000000 /dev/zero", "wrote more than 1 MiB"), ("sleep 30", "gave no reply within"),
    ("trap '' TERM INT HUP; while :; do :; done", "gave no reply within"),
    ("exec >&- 2>&-; sleep 30", "gave no reply within"),
  ])
  func endsInTimeAndIsNamed(body: String, reason: String) throws {
    let house = try House(deadline: 1)
    try house.script("beta-take", body)
    let start = Date()
    let problem = #expect(throws: Problem.self) {
      try house.functions.call(#require(StepID("beta/take")), with: ["input": 1])
    }
    #expect(problem?.description.contains(reason) == true, "\(problem?.description ?? "")")
    #expect(Date().timeIntervalSince(start) < 3)
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

  @Test func givesItAnEmptyEnvironmentAndThreeDescriptors() throws {
    let house = try House()
    setenv("METERBRIDGE_CANARY", "canary", 1)
    defer { unsetenv("METERBRIDGE_CANARY") }
    try house.script(
      "beta-take",
      #"printf '{"env":"%s","fds":"%s"}\n' "$METERBRIDGE_CANARY" "$(echo /proc/self/fd/*)""#)
    let said = try house.functions.call(#require(StepID("beta/take")), with: 1)
    #expect(said["env"].string == "")
    let open = (said["fds"].string ?? "").split(separator: " ").count
    #expect(open <= 4, "\(said.text)")
  }

  @Test func carriesALargeInputAndOutput() throws {
    let house = try House()
    try house.script("beta-take", "cat")
    let large = JSON.string(String(repeating: "x", count: 900_000))
    #expect(try house.functions.call(#require(StepID("beta/take")), with: large) == large)
  }

  /// A killed orphan is a zombie until whoever inherits it looks: that is gone, too.
  private func isGone(_ process: Int32) -> Bool {
    for _ in 0..<200 {
      let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      guard let status, !status.contains(") Z ") else { return true }
      usleep(10_000)
    }
    return false
  }
}
