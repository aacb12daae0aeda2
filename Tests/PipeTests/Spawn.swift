import Foundation

/// The output and the exit status of a program.
struct Finished {
  let output: String
  let errors: String
  let status: Int32
}

/// Runs a program with a file as its standard input, an empty environment and two pipes.
///
/// Foundation's `Process` waits in steps of 50 ms; `posix_spawn` takes a fraction of one.
func spawn(_ program: URL, input: URL) throws -> Finished {
  let output = try Channel()
  let errors = try Channel()
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input.path, O_RDONLY, 0)
  posix_spawn_file_actions_adddup2(&actions, output.writer, STDOUT_FILENO)
  posix_spawn_file_actions_adddup2(&actions, errors.writer, STDERR_FILENO)

  var process: pid_t = 0
  var arguments = [strdup(program.path), nil]
  var environment = environment()
  defer { for text in arguments + environment { free(text) } }
  let error = posix_spawn(&process, program.path, &actions, nil, &arguments, &environment)
  guard error == 0 else { throw SpawnError(program: program.path, errno: error) }

  let texts = [output, errors].map { $0.readToEnd() }
  var status: Int32 = 0
  while waitpid(process, &status, 0) < 0 && errno == EINTR {}
  // The status of a signal is that of the shell
  let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  return Finished(output: texts[0], errors: texts[1], status: code)
}

/// Runs a program with a text as its standard input.
func spawn(_ program: URL, text: some Sequence<UInt8>) throws -> Finished {
  let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try Data(text).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }  // litter in a temporary folder at worst
  return try spawn(program, input: file)
}

struct SpawnError: Error {
  let program: String
  let errno: Int32
}

/// The path of coverage counters only, which otherwise land in the working directory.
private func environment() -> [UnsafeMutablePointer<CChar>?] {
  let name = "LLVM_PROFILE_FILE"
  let value = ProcessInfo.processInfo.environment[name]
  return [value.map { strdup("\(name)=\($0)") }, nil].filter { $0 != nil } + [nil]
}

/// A pipe that other child processes do not inherit.
private final class Channel {
  let writer: Int32
  private let reader: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw SpawnError(program: "pipe", errno: errno) }
    reader = ends[0]
    writer = ends[1]
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  func readToEnd() -> String {
    close(writer)
    let data = FileHandle(fileDescriptor: reader, closeOnDealloc: true).readDataToEndOfFile()
    return String(decoding: data, as: UTF8.self)
  }
}
