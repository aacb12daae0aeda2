import CLinux
import Foundation

/// A process of a program, with pipes to its standard input and output.
final class Spawn {
  let process: pid_t
  private var input: Int32
  private let output: Int32
  private var rest: [UInt8] = []

  /// Starts a program; what it says on standard error is ours, or goes to a pipe too if wanted.
  init(
    _ words: [String], environment: [String] = [], readsError: Bool = false
  ) throws {
    let (inRead, inWrite) = try Self.pipe()
    let (outRead, outWrite) = try Self.pipe()
    defer { for end in [inRead, outWrite] { close(end) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, inRead, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, outWrite, readsError ? STDERR_FILENO : STDOUT_FILENO)
    var arguments = words.map { strdup($0) } + [nil]
    var variables = environment.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var process = pid_t()
    let failure = posix_spawn(&process, words[0], &actions, nil, &arguments, &variables)
    guard failure == 0 else {
      throw BenchError(69, "cannot start \(words[0]): \(String(cString: strerror(failure)))")
    }
    self.process = process
    input = inWrite
    output = outRead
  }

  deinit {
    endInput()
    close(output)
  }

  /// Writes; what a program does not read is no matter.
  func write(_ bytes: [UInt8]) { _ = Foundation.write(input, bytes, bytes.count) }

  func endInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// The next line without its newline; nil at the end.
  func line() -> [UInt8]? {
    while true {
      if let end = rest.firstIndex(of: 0x0A) {
        defer { rest.removeFirst(end + 1) }
        return Array(rest[..<end])
      }
      guard more() else { return nil }
    }
  }

  /// All that it says until it ends, and its exit status as wait(2) has it.
  func finish() -> (said: [UInt8], status: Int32) {
    endInput()
    while more() {}
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return (rest, status)
  }

  private func more() -> Bool {
    var part = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(output, &part, part.count)
    if count > 0 { rest += part[..<count] }
    return count > 0
  }

  private static func pipe() throws -> (Int32, Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe2(&ends, O_CLOEXEC) == 0 else {
      throw BenchError(71, "pipe: \(String(cString: strerror(errno)))")
    }
    return (ends[0], ends[1])
  }
}

extension Spawn {
  /// Runs a program to its end.
  static func run(
    _ words: [String], input: [UInt8] = [], environment: [String] = []
  ) throws -> (said: [UInt8], status: Int32) {
    let child = try Spawn(words, environment: environment)
    child.write(input)
    return child.finish()
  }

  /// Kilobytes that a process has resident: `VmRSS` now, `VmHWM` at most.
  func resident(_ field: String) -> Double {
    let line = Machine.text("/proc/\(process)/status").split(separator: "\n")
      .first { $0.hasPrefix(field + ":") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
  }
}

/// A program on the path, for those of Spawn's words that are not paths.
func find(_ program: String) -> String? {
  let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
  return path.split(separator: ":").map { "\($0)/\(program)" }
    .first { access($0, X_OK) == 0 }
}
