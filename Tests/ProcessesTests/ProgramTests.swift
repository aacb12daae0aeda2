import Foundation
import Processes
import Testing
import Values

/// One run of a program by a process of its own.
@Suite(.serialized) struct ProgramTests {
  private static let input = Array("1\n".utf8)

  /// The standard output of a script that must exit with status 0.
  private func output(of script: String, memory: Int? = nil) throws -> String {
    let folder = try ScriptFolder()
    let result = try folder.program(script, memory: memory).run(input: Self.input)
    #expect(result.ending == .finished(.exited(0)))
    return String(decoding: result.output, as: UTF8.self)
  }

  @Test(
    arguments: [
      ("exit 0", .finished(.exited(0))), ("exit 3", .finished(.exited(3))),
      ("kill -9 $$", .finished(.signalled(9))), ("exec 0<&-; exit 1", .finished(.exited(1))),
      ("head -c 2000000 /dev/zero", .outputExceeded), ("sleep 30", .timedOut),
      ("head -c 10000000 /dev/zero >&2; exit 1", .finished(.exited(1))),
      ("trap '' TERM INT HUP; while :; do :; done", .timedOut),
      ("exec >&- 2>&-; sleep 30", .timedOut),
    ] as [(String, Program.Ending)])
  func programEndsInTime(script: String, ending: Program.Ending) throws {
    let folder = try ScriptFolder()
    let program = try folder.program(script, timeout: 1)
    let start = Date()
    let result = try program.run(input: Self.input)
    #expect(Date().timeIntervalSince(start) < 5)
    #expect(result.ending == ending)
    #expect(result.output.count <= program.maxOutput)
    #expect(result.error.count <= 1 << 16)
  }

  @Test func missingProgramIsReported() throws {
    let program = Program(path: "/nowhere/program", timeout: 1, maxOutput: 1)
    let error = #expect(throws: SystemError.self) { try program.run(input: []) }
    #expect(error?.description == "cannot start /nowhere/program: No such file or directory")
  }

  @Test func programIsGivenItsLimits() throws {
    let script = #"read -r line; printf '%s %s' "$(ulimit -d)" "$(ulimit -c)""#
    #expect(try output(of: script, memory: 64) == "65536 0")
  }

  @Test func programWritesNoLargeFile() throws {
    let folder = try ScriptFolder()
    let program = try folder.program(
      "read -r line; head -c 1000000000 /dev/zero > \(folder.path)/large", timeout: 20, memory: 64)
    _ = try program.run(input: Self.input)
    let file = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/large")
    #expect(file[.size] as? Int == 16 << 20)
  }

  /// A program that goes on after its line is killed with it, also if this process ends next.
  @Test func programEndsWithItsLine() throws {
    let folder = try ScriptFolder()
    let program = try folder.program(
      "read -r line; echo $$ > \(folder.path)/pid; sleep 60 & echo $! > \(folder.path)/child; echo x;"
        + " while :; do :; done")
    let start = Date()
    let result = try program.run(input: Self.input, takesLine: true)
    #expect(result.ending == .answered && result.output == Array("x\n".utf8))
    #expect(Date().timeIntervalSince(start) < 4)
    for name in ["pid", "child"] {
      let text = try folder.text(of: name).trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(isGone(try #require(Int32(text))))
    }
  }

  @Test func standardErrorIsNoOutput() throws {
    #expect(try output(of: "head -c 10000000 /dev/zero >&2; echo x") == "x\n")
  }

  @Test func descendantsAreKilled() throws {
    let folder = try ScriptFolder()
    let program = try folder.program("sleep 60 & echo $! > \(folder.path)/child; echo x")
    let start = Date()
    #expect(try program.run(input: Self.input).output == Array("x\n".utf8))
    #expect(Date().timeIntervalSince(start) < 3)
    let child = try folder.text(of: "child").trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(isGone(try #require(Int32(child))))
  }

  @Test func programGetsNoEnvironmentNoArgumentsAndThreeDescriptors() throws {
    let folder = try ScriptFolder()
    setenv("METERBRIDGE_CANARY", "canary", 1)
    defer { unsetenv("METERBRIDGE_CANARY") }
    // From /proc, since the shell adds variables for its children.
    let program = try folder.program(
      """
      read -r line
      printf '{"env":"%s","args":"%s","fds":"%s"}\\n' "$(tr '\\0' ' ' < /proc/$$/environ)" \
        "$(tr '\\0' ' ' < /proc/$$/cmdline)" "$(echo /proc/self/fd/*)"
      """)
    let said = try JSON(parsing: program.run(input: Self.input).output)
    #expect(said["env"] == "")
    #expect(said["args"].string == "/bin/sh \(program.path) ")
    let open = (said["fds"].string ?? "").split(separator: " ").count
    #expect(open <= 4, "\(said.text)")
  }

  @Test func largeInputAndOutputPass() throws {
    let large = [UInt8](repeating: 120, count: 900_000)
    let folder = try ScriptFolder()
    #expect(try folder.program("cat").run(input: large).output == large)
  }

  @Test func outputOfAProgramThatClosesItsInputCounts() throws {
    let folder = try ScriptFolder()
    let result = try folder.program("exec 0<&-; echo x").run(
      input: [UInt8](repeating: 120, count: 900_000))
    #expect(result.output == Array("x\n".utf8))
  }
}
