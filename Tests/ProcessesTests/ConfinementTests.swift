import Foundation
import Processes
import TestSupport
import Testing

/// A program that tries to do harm is refused it by the kernel, from its first instruction.
struct ConfinementTests {
  private static let probe = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "StepProbe").path

  /// What came of deeds, in their order.
  private func outcome(
    _ deeds: [String], _ confinement: Confinement? = Confinement(), memory: Int = 512
  ) throws -> [String] {
    let program = Program(
      path: Self.probe, timeout: 20, maxOutput: 1 << 16,
      limits: ResourceLimits(memory: memory << 20), confinement: confinement)
    let result = try program.run(input: Array(deeds.joined(separator: "\n").utf8))
    #expect(
      result.ending == .finished(.exited(0)), "\(String(decoding: result.error, as: UTF8.self))")
    return String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func confinedProgramAnswers() throws {
    #expect(try outcome(["nothing", "nothing"]) == ["done", "done"])
  }

  @Test(arguments: [
    ("leave", "EPERM"), ("vfork", "EPERM"), ("clone3", "ENOSYS"), ("thread", "EPERM"),
    ("udp 9", "EPERM"), ("unix", "EPERM"), ("raw", "EPERM"), ("shared", "EPERM"),
    ("stack", "EPERM"), ("memfd", "EPERM"), ("sysv", "EPERM"), ("pipe", "EPERM"),
    ("uring", "EPERM"), ("namespace", "EPERM"), ("clock", "EPERM"), ("group", "EPERM"),
    ("privileges", "EPERM"), ("core", "EPERM"), ("locked", "EPERM"),
    ("execute /bin/true", "EACCES"),
    ("read /etc/passwd", "EACCES"), ("read /proc/self/environ", "EACCES"), ("list /", "EACCES"),
  ])
  func harmIsRefused(deed: String, code: String) throws {
    #expect(try outcome([deed, "nothing"]) == [code, "done"])
  }

  @Test func otherProcessesAreOutOfReach() throws {
    let own = getpid()
    #expect(
      try outcome(["signal \(own)", "ptrace \(own)", "peek \(own)", "nothing"])
        == ["EPERM", "EPERM", "EPERM", "done"])
  }

  @Test func networkIsOutOfReach() throws {
    let server = ScriptedServer { _ in }
    #expect(try outcome(["tcp \(server.port)"]) == ["EPERM"])
    #expect(try outcome(["tcp \(server.port)"], nil) == ["done"])
  }

  @Test func filesAreNeitherReadNorWritten() throws {
    let folder = try ScriptFolder()
    let file = "\(folder.path)/key"
    try Data("secret".utf8).write(to: URL(filePath: file))
    let deeds = [
      "read \(file)", "append \(file)", "unlink \(file)", "chmod \(file)",
      "write \(folder.path)/new", "folder \(folder.path)/new", "list \(folder.path)",
    ]
    #expect(
      try outcome(deeds) == ["EACCES", "EACCES", "EPERM", "EPERM", "EACCES", "EPERM", "EACCES"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["key"])
    #expect(try outcome(["write \(Self.probe)", "read \(Self.probe)"]) == ["EACCES", "done"])
  }

  @Test func memoryIsLimited() throws {
    #expect(try outcome(["memory 2", "memory 20", "nothing"]) == ["done", "ENOMEM", "done"])
  }

  @Test func whatIsAllowedIsPossible() throws {
    let server = ScriptedServer { _ in }
    let folder = try ScriptFolder()
    try Data("list".utf8).write(to: URL(filePath: "\(folder.path)/list"))
    let confinement = Confinement(
      files: [folder.path, "/nowhere"], allowsNetwork: true, allowsThreads: true)
    let deeds = [
      "tcp \(server.port)", "thread", "read \(folder.path)/list", "list \(folder.path)",
      "write \(folder.path)/list", "leave", "read /etc/passwd",
    ]
    #expect(
      try outcome(deeds, confinement)
        == ["done", "done", "done", "done", "EACCES", "EPERM", "EACCES"])
  }

  /// What the other tests would find without it.
  @Test func programWithoutConfinementDoesHarm() throws {
    let deeds = ["vfork", "shared", "memfd", "pipe", "read /etc/passwd", "thread"]
    #expect(try outcome(deeds, nil) == Array(repeating: "done", count: deeds.count))
  }

  @Test func workerIsConfined() throws {
    let worker = try Worker(
      Program(path: Self.probe, timeout: 5, maxOutput: 100, confinement: Confinement()))
    for deed in ["read /etc/passwd", "vfork"] {
      guard case .answer(let line) = worker.call(Array(deed.utf8), by: Deadline(in: 5)) else {
        Issue.record("no answer")
        return
      }
      #expect(["EACCES", "EPERM"].contains(String(decoding: line, as: UTF8.self)))
    }
  }

  @Test func scriptIsConfined() throws {
    let folder = try ScriptFolder()
    try Executable.script(
      "read -r line; echo \"$line\"; (read -r key < /etc/passwd) || echo no", at: "\(folder.path)/s"
    )
    let program = Program(
      path: "\(folder.path)/s", timeout: 5, maxOutput: 1000,
      limits: ResourceLimits(memory: 64 << 20), confinement: Confinement())
    let result = try program.run(input: Array("x\n".utf8))
    let text = String(decoding: result.output + result.error, as: UTF8.self)
    #expect(text.contains("x\n") && text.lowercased().contains("fork"), "\(text)")
  }

  @Test func machineProtects() {
    let protection = Protection.here
    #expect(protection.filtersCalls && protection.landlock > 0)
    #expect(protection.gaps.isEmpty)
    #expect(Protection(landlock: 0, filtersCalls: false).promises.isEmpty)
    #expect(Protection(landlock: 0, filtersCalls: true).gaps.count == 1)
  }
}

/// The memory of this process is kept from core files.
struct OwnMemoryTests {
  @Test func memoryIsHidden() {
    OwnMemory.hide()
    #expect(OwnMemory.isHidden)
  }
}
