import CConfine
import CLinux
import Glibc
import Kernel

/// A child process, which leads a process group of its own.
struct Child {
  let id: pid_t

  /// Starts a program with an empty environment, no arguments, default signal handling, and no
  /// descriptors but these; its limits and its confinement are in force before its first instruction.
  init(
    _ program: Program, input: Descriptor, output: Descriptor, error: Descriptor
  ) throws(SystemError) {
    let confinement = program.confinement
    let needed =
      confinement.map { confinement in
        ExecutableFile.needed(by: program.path)
          + confinement.files.map { ExecutableFile.Needed(path: $0, isExecuted: true) }
      } ?? []
    var launch = meterbridge_launch()
    (launch.input, launch.output, launch.error) = (input.number, output.number, error.number)
    launch.memory = UInt(max(program.limits?.memory ?? 0, 0))
    launch.file_size = UInt(ResourceLimits.fileSize)
    launch.confines = confinement == nil ? 0 : 1
    launch.network = confinement?.allowsNetwork == true ? 1 : 0
    launch.threads = confinement?.allowsThreads == true ? 1 : 0
    var child = pid_t()
    var stage = CONFINE_STAGE_PROCESS
    let failure = Self.withPaths(needed) { paths in
      program.path.withCString { path in
        launch.path = path
        launch.paths = paths.baseAddress.map { UnsafePointer($0) }
        launch.path_count = paths.count
        return meterbridge_launch(&launch, &child, &stage)
      }
    }
    guard failure == 0 else {
      let isOwn = stage == CONFINE_STAGE_PROCESS || stage == CONFINE_STAGE_EXECUTE
      throw SystemError("\(isOwn ? "start" : "confine") \(program.path)", failure)
    }
    id = child
  }

  /// Calls a closure with paths in C's form.
  private static func withPaths(
    _ needed: [ExecutableFile.Needed],
    _ body: (UnsafeMutableBufferPointer<meterbridge_path>) -> Int32
  ) -> Int32 {
    let texts = needed.map { strdup($0.path) }
    defer { for text in texts { free(text) } }
    return withUnsafeTemporaryAllocation(of: meterbridge_path.self, capacity: needed.count) {
      paths in
      for (index, file) in needed.enumerated() {
        paths.initializeElement(
          at: index,
          to: meterbridge_path(path: texts[index], executes: file.isExecuted ? 1 : 0))
      }
      return body(paths)
    }
  }

  /// A descriptor that becomes readable when the process exits; closed where the kernel offers none,
  /// as before Linux 5.3 and in some containers.
  func exitDescriptor() -> Descriptor { Descriptor(pidfd_open(id, 0)) }

  /// Whether the process has exited.
  var hasExited: Bool {
    var info = siginfo_t()
    return waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) == 0
      && info.si_signo == SIGCHLD
  }

  /// Kills what is left of the process group; must not be called after ``end()``.
  func kill() {
    // The process is not reaped yet, so no other group can have its number.
    _ = Glibc.kill(-id, SIGKILL)  // fails if no process is left
  }

  /// Kills what is left of the process group and reaps the process; must be called exactly once.
  func end() -> ExitStatus {
    kill()
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
  }
}
