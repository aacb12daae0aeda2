import Foundation
import Processes
import Testing

/// The end of what a program left behind, in a process of its own: the children of other tests are spared.
struct OrphansTests {
  @Test func whatLeftItsSessionIsEnded() async {
    await #expect(processExitsWith: .success) {
      let folder = try ScriptFolder()
      Orphans.adopt()
      // It goes on in a session of its own when its parents have ended
      let program = try folder.program(
        "read -r line; setsid sh -c 'setsid sleep 300 > /dev/null 2>&1 & echo $!'", timeout: 5)
      let text = String(decoding: try program.run(input: Array("1\n".utf8)).output, as: UTF8.self)
      let orphan = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
      try #require(kill(orphan, 0) == 0)
      Orphans.end()
      #expect(kill(orphan, 0) == -1)
    }
  }
}
