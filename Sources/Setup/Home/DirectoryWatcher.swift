import CLinux
import Glibc

/// Rings when somebody writes in a directory: so whoever waits for that need not look again and again.
public final class DirectoryWatcher: Sendable {
  private let changes: Int32
  private let ending: Int32

  /// A bell on a directory; where the kernel has none left it rings every second.
  public init(on folder: String) {
    changes = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
    ending = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    _ = inotify_add_watch(changes, folder, UInt32(IN_MODIFY) | UInt32(IN_CREATE))
  }

  deinit {
    _ = close(changes)
    _ = close(ending)
  }

  /// Waits until something was written since the last wait, at most so many seconds.
  public func wait(seconds: Double) {
    rest(seconds: changes < 0 ? min(seconds, 1) : seconds, until: changes)
    var heard = [UInt8](repeating: 0, count: 4096)
    while read(changes, &heard, heard.count) > 0 {}
  }

  /// Waits whatever is written.
  public func rest(seconds: Double) { rest(seconds: seconds, until: -1) }

  /// Ends every wait, for good.
  public func end() {
    _ = eventfd_write(ending, 1)  // it fails only when full, and then it rings already
  }

  private func rest(seconds: Double, until descriptor: Int32) {
    var polls = [descriptor, ending].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    // A signal may end it early, and who waits looks again.
    _ = poll(&polls, nfds_t(polls.count), Int32(min(max(seconds, 0), 86_400) * 1000))
  }
}
