import CConfine
import Glibc
import Kernel

/// The processes that a step left behind: where the kernel has no seccomp, a step can start processes in a
/// session of their own, which the end of its process group does not reach.
public enum Orphans {
  /// Makes them children of this process when their parents end.
  public static func adopt() { meterbridge_adopt_orphans() }

  /// Kills all children of this process, and theirs, which become its own; takes a second at most.
  ///
  /// Call it when no other thread starts or reaps processes any more.
  public static func end() {
    let deadline = Deadline(in: 1)
    while case let children = children(), !children.isEmpty, !deadline.isOver {
      for child in children {
        _ = kill(child, SIGKILL)
        _ = waitpid(child, nil, WNOHANG)
      }
      usleep(1000)
    }
  }

  /// The children that are not reaped, by the kernel's lists of each thread.
  private static func children() -> [pid_t] {
    Folder.names(in: "/proc/self/task").flatMap { thread in
      guard let file = fopen("/proc/self/task/\(thread)/children", "re") else { return [pid_t]() }
      defer { fclose(file) }
      var text = [CChar](repeating: 0, count: 1 << 16)
      let count = fread(&text, 1, text.count, file)
      return text[..<count].split(separator: CChar(UInt8(ascii: " "))).compactMap { word in
        pid_t(String(decoding: word.map({ UInt8(bitPattern: $0) }), as: UTF8.self))
      }
    }
  }
}
