import Foundation
import Setup
import Synchronization
import Values

/// An empty home that is removed when the process ends.
enum TemporaryHome {
  private static let folder = Mutex<String?>(nil)

  /// Creates the home.
  ///
  /// - Throws: `cannotCreate` if the temporary directory is not writable.
  static func open() throws(Problem) -> Home {
    let path = "\(NSTemporaryDirectory())meterbridge-\(UUID().uuidString)"
    try Files.makeDirectories(path)
    folder.withLock { $0 = path }
    atexit {
      guard let path = TemporaryHome.folder.withLock({ $0 }) else { return }
      // A leftover in the temporary directory is harmless
      try? FileManager.default.removeItem(atPath: path)
    }
    return try Home(at: path)
  }
}
