import Foundation

/// The memory of this process.
enum PeakMemory {
  /// The limit in bytes: a body has 1 MiB at most, and all unfinished bodies together 64.
  static let limit = 128 << 20

  /// The peak so far, in bytes.
  static var bytes: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss << 10
  }
}
