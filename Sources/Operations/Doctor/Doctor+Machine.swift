import CLinux
import Glibc
import Processes
import Setup

// Checks of the machine

extension Doctor {
  /// Checks the disk space for the growth of the store and for a compaction.
  func disk() -> Finding {
    guard let room = DiskRoom(at: path) else {
      return Finding(.wrong, "disk", "cannot read its state: \(String(cString: strerror(errno)))")
    }
    let advice = "free some space: webhooks are answered 503 when the disk is full"
    if room.isNearlyFull { return Finding(.wrong, "disk", room.words, advice: advice) }
    return room.isLow
      ? Finding(.warning, "disk", room.words, advice: advice) : Finding(.ok, "disk", room.words)
  }

  /// Checks the limits of the kernel for this user.
  func limits() -> [Finding] { [inotify(), files(), Self.finding(of: .here)] }

  private func inotify() -> Finding {
    let changes = inotify_init1(Int32(IN_CLOEXEC))
    defer { if changes >= 0 { close(changes) } }
    guard changes >= 0, inotify_add_watch(changes, "\(path)/store", UInt32(IN_MODIFY)) >= 0 else {
      return Finding(
        .warning, "inotify",
        "\(String(cString: strerror(errno))): changes are polled once a second",
        advice: "increase fs.inotify.max_user_instances and max_user_watches")
    }
    return Finding(.ok, "inotify", "changes of the store are noticed immediately")
  }

  private func files() -> Finding {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return Finding(.ok, "open files", "no limit is known")
    }
    let count = limit.rlim_cur == .max ? "any number" : "\(limit.rlim_cur)"
    guard limit.rlim_cur >= 1024 else {
      return Finding(
        .warning, "open files", "the limit is \(count), and each client connection takes one",
        advice: "raise it with `ulimit -n 4096`, or with LimitNOFILE= of the service")
    }
    return Finding(.ok, "open files", "the limit is \(count)")
  }
}
