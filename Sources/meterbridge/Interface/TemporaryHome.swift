import Foundation
import Setup
import Synchronization
import Values

/// A home that is removed when the process ends.
enum TemporaryHome {
  private static let folder = Mutex<String?>(nil)

  /// Creates an empty home.
  ///
  /// - Throws: `cannotCreate` if the temporary directory is not writable.
  static func open() throws(Problem) -> Home { try Home(at: make()) }

  /// Whether the store of a home can be written to.
  static func isWritable(_ home: String) -> Bool {
    ["store", "store/lock", "secrets"].allSatisfy { name in
      access("\(home)/\(name)", W_OK) == 0 || errno == ENOENT
    }
  }

  /// The path of a copy of a home, without its key.
  ///
  /// - Throws: `cannotCreate` if it cannot be copied.
  static func copy(of home: String) throws(Problem) -> String {
    let path = try make()
    // A command may open its home more than once.
    guard !Files.exists("\(path)/store") else { return path }
    do {
      for name in ["store", "secrets", "format", "key.id"] where Files.exists("\(home)/\(name)") {
        try FileManager.default.copyItem(atPath: "\(home)/\(name)", toPath: "\(path)/\(name)")
      }
      let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
      for name in names {
        let isFolder = ["store", "secrets"].contains(name)
        try FileManager.default.setAttributes(
          [.posixPermissions: isFolder ? 0o700 : 0o600], ofItemAtPath: "\(path)/\(name)")
      }
    } catch {
      throw Problem(
        .cannotCreate, "\(home) is read-only, and cannot be copied to \(path): \(error)")
    }
    return path
  }

  private static func make() throws(Problem) -> String {
    if let path = folder.withLock({ $0 }) { return path }
    let path = "\(NSTemporaryDirectory())meterbridge-\(UUID().uuidString)"
    try Files.makeDirectories(path)
    folder.withLock { $0 = path }
    atexit {
      guard let path = TemporaryHome.folder.withLock({ $0 }) else { return }
      // A leftover in the temporary directory is harmless
      try? FileManager.default.removeItem(atPath: path)
    }
    return path
  }
}
