import FoundationEssentials
import Glibc
import StepKit
import Synchronization
public import Values

/// The right to carry the runs of a home: one process has it at a time.
///
/// The kernel lets go of it when the process ends, however it ends.
public final class DispatcherLock: Sendable {
  private let descriptor: Int32
  private let held = Atomic(true)

  /// Takes the lock.
  ///
  /// - Throws: a `temporary` problem where another process has it, with its number.
  public init(home: Home) throws(Problem) {
    let path = "\(home.path)/dispatcher.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Problem(.cannotCreate, "cannot open \(path): \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw Problem(
        .temporary,
        "process \(Self.holder(descriptor)) carries the runs of \(home.path); stop it, or let it work"
      )
    }
    // The number is for people: a failure to write it takes nothing from the lock.
    _ = ftruncate(descriptor, 0)
    let number = "\(getpid())\n"
    _ = pwrite(descriptor, number, number.utf8.count, 0)
  }

  /// Whether a process has the lock of the home at a path, without getting in its way.
  public static func isHeld(at path: String) -> Bool {
    var status = stat()
    guard stat("\(path)/dispatcher.lock", &status) == 0,
      let locks = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
    else { return false }
    return locks.split(separator: "\n").contains { line in
      line.contains("FLOCK") && !line.contains("->") && line.contains(":\(status.st_ino) ")
    }
  }

  /// Whether it was not given back yet.
  public var isHeld: Bool { held.load(ordering: .acquiring) }

  /// Gives the lock back.
  public func release() {
    guard held.exchange(false, ordering: .acquiringAndReleasing) else { return }
    // Closing alone would not unlock while a child that is just being started shares the file.
    _ = flock(descriptor, LOCK_UN)
    _ = close(descriptor)
  }

  /// Also closes what an `init` that throws has opened.
  deinit { release() }

  private static func holder(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).nonBlank ?? "?"
  }
}
