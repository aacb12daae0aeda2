import CLinux
import Glibc

/// The number of files that this process may have open.
public enum DescriptorLimit {
  /// The limit now.
  public static var current: Int { Int(clamping: limit.rlim_cur) }

  /// Raises the limit to what the system allows, or to a number if that is less.
  public static func raise(to most: Int) {
    var limit = limit
    limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, rlim_t(max(most, 0))))
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  private static var limit: rlimit {
    var limit = rlimit(rlim_cur: 1024, rlim_max: 1024)
    // It cannot fail for a resource that exists; then a usual limit stands.
    _ = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return limit
  }
}
