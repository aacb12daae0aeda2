import FoundationEssentials
import Glibc

/// The check of the permissions of a home.
enum Permissions {
  static func isFolder(_ path: String) -> Bool {
    status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
  }

  /// Whether only their owner can access the home, its content and the key.
  static func finding(of home: String, keyFile: String?) -> Finding {
    let paths = [home] + content(of: home).flatMap { [$0] + content(of: $0) }
    for path in paths + (keyFile.map { [$0] } ?? []) {
      guard let status = status(path) else { continue }
      guard status.st_uid == geteuid() || geteuid() == 0 else {
        return Finding(
          .wrong, "permissions", "\(path) belongs to another user",
          advice: "run meterbridge as its owner, or change the owner with `chown`")
      }
      guard status.st_mode & 0o077 == 0 else {
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        return Finding(
          .wrong, "permissions", "other users can access \(path) (\(octal(status.st_mode)))",
          advice: "`chmod \(isFolder ? "700" : "600") \(path)`")
      }
    }
    guard access(home, R_OK | W_OK | X_OK) == 0 else {
      return Finding(
        .wrong, "permissions", "\(home) is not writable", advice: "`chmod 700 \(home)`")
    }
    return Finding(.ok, "permissions", "only the owner can access \(home)")
  }

  private static func octal(_ mode: mode_t) -> String { String(mode & 0o777, radix: 8) }

  private static func content(of folder: String) -> [String] {
    guard isFolder(folder) else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().map { "\(folder)/\($0)" }
  }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }
}
