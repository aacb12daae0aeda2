import CLinux
import Glibc

/// Waits for writes in a directory, with inotify.
public final class DirectoryWatcher: Sendable {
  private let changes: Int32
  private let ending: Int32

  private let isWatching: Bool

  /// Watches a directory; if it cannot be watched, as that of a store on other machines, each wait ends
  /// after a second.
  public init(on folder: String) {
    changes = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
    ending = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    isWatching =
      inotify_add_watch(changes, folder, UInt32(IN_MODIFY) | UInt32(IN_CREATE)) >= 0
  }

  deinit {
    _ = close(changes)
    _ = close(ending)
  }

  /// Waits until something is written, or was since the last wait, or the seconds have passed.
  public func wait(seconds: Double) {
    rest(seconds: !isWatching ? min(seconds, 1) : seconds, until: changes)
    var heard = [UInt8](repeating: 0, count: 4096)
    while read(changes, &heard, heard.count) > 0 {}
  }

  /// Waits for a number of seconds, whatever is written.
  public func rest(seconds: Double) { rest(seconds: seconds, until: -1) }

  /// Ends this wait and all later ones.
  public func end() {
    _ = eventfd_write(ending, 1)  // It fails only when full, and then waits end already
  }

  private func rest(seconds: Double, until descriptor: Int32) {
    var polls = [descriptor, ending].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    // A signal may end the wait early, and the caller looks again
    _ = poll(&polls, nfds_t(polls.count), Int32(min(max(seconds, 0), 86_400) * 1000))
  }
}
