import FoundationEssentials
import Glibc
import Store
import Synchronization
public import Values

/// The right to execute the runs of a home, which one process holds at a time.
///
/// The kernel releases it when the process ends.
public final class DispatcherLock: Sendable {
  private let lock: InterProcessLock
  private let held: Atomic<Bool>

  /// Takes the lock, and writes the number of this process into its file.
  ///
  /// - Throws: A `temporary` problem that names the process that holds the lock; a `cannotCreate`
  ///   problem if the file cannot be opened.
  public init(home: Home) throws(Problem) {
    let path = Self.path(in: home.path)
    do throws(StoreError) {
      lock = try InterProcessLock(at: path)
      held = Atomic(try lock.tryLock())
    } catch {
      throw Problem(.cannotCreate, "\(error)")
    }
    guard isHeld else {
      let holder = Self.process(in: lock.file)
      throw Problem(
        .temporary,
        "process \(holder) is executing the runs of \(home.path); wait for it, or stop it")
    }
    Self.writeProcess(to: lock.file)
  }

  /// Whether a process holds the lock of the home at a path; does not disturb the holder.
  public static func isHeld(at path: String) -> Bool {
    var status = stat()
    guard stat(Self.path(in: path), &status) == 0,
      let locks = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
    else { return false }
    return locks.split(separator: "\n").contains { line in
      line.contains("FLOCK") && !line.contains("->") && line.contains(":\(status.st_ino) ")
    }
  }

  /// Whether the lock was not released yet.
  public var isHeld: Bool { held.load(ordering: .acquiring) }

  /// Releases the lock.
  public func release() {
    if held.exchange(false, ordering: .acquiringAndReleasing) { lock.unlock() }
  }

  deinit { release() }

  private static func path(in home: String) -> String { "\(home)/dispatcher.lock" }

  /// The number is for people only: a failure to write it is ignored.
  private static func writeProcess(to file: File) {
    let disk = LocalDisk()
    try? disk.truncate(file, to: 0)
    try? disk.write(all: Array("\(getpid())\n".utf8), to: file, at: 0)
  }

  private static func process(in file: File) -> String {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = pread(file.descriptor, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).nonBlank ?? "?"
  }
}
