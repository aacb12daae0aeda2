import Glibc

/// The hardware this process runs on.
public enum Machine {
  /// The number of processors that are online; at least 1.
  public static let cores = max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)
}
