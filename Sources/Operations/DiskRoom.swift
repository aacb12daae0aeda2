import CLinux
import Glibc
import Setup

/// The free room on the disk of a home.
public struct DiskRoom: Sendable {
  /// The free bytes.
  let bytes: Int
  /// The number of files that can be created.
  private let files: Int
  /// Whether the file system counts files.
  private let countsFiles: Bool
  private let path: String

  /// The room on the disk of the home at a path; nil if the system does not say.
  public init?(at path: String) {
    var facts = statvfs()
    guard statvfs(path, &facts) == 0 else { return nil }
    let (bytes, overflow) = Int(clamping: facts.f_bavail)
      .multipliedReportingOverflow(by: Int(clamping: facts.f_frsize))
    self.bytes = overflow ? .max : bytes
    files = Int(clamping: facts.f_favail)
    countsFiles = facts.f_files != 0
    self.path = path
  }

  /// The room in words.
  public var words: String { "\(bytes >> 20) MiB and \(files) files are free" }

  /// Whether writes will soon fail.
  var isNearlyFull: Bool { bytes < 64 << 20 || (countsFiles && files <= 100) }

  /// Whether there may be too little for the growth of the store, or for a compaction.
  var isLow: Bool { bytes < 1 << 30 || Double(bytes) < 2 * Home.storeBytes(at: "\(path)/store") }
}
