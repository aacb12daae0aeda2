import CLinux
import Glibc

/// The hardware this process runs on.
public enum Machine {
  /// The number of processors that are online; at least 1.
  public static let cores = max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)

  /// The version of the C library, such as `2.39`.
  public static var libraryVersion: String {
    gnu_get_libc_version().map { String(cString: $0) } ?? ""
  }
}
