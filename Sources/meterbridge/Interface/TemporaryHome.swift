import Foundation
import Synchronization

/// The home of a command that looked at one that is not there.
enum EmptyHome {
  private static let folder = Mutex<String?>(nil)

  /// Removes it when the process ends.
  static func remove(_ path: String) {
    folder.withLock { $0 = path }
    atexit {
      guard let path = EmptyHome.folder.withLock({ $0 }) else { return }
      try? FileManager.default.removeItem(atPath: path)  // a rest in the temporary folder
    }
  }
}
