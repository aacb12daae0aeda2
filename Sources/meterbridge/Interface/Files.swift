import Foundation
import Values

/// Files and directories.
enum Files {
  /// Whether there is a file or directory at a path.
  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// The content of a file.
  ///
  /// - Throws: `noInput` if it cannot be read.
  static func read(_ path: String) throws(Problem) -> [UInt8] {
    do {
      return Array(try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw Problem(.noInput, "cannot read \(path): \(reason(error))")
    }
  }

  /// Creates or replaces a file, and creates the directories above it.
  ///
  /// - Throws: `cannotCreate` if it cannot be written.
  static func write(_ bytes: [UInt8], to path: String, mode: UInt16 = 0o644) throws(Problem) {
    do {
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      // A running program cannot be written to, but a new file can take its name
      try Data(bytes).write(to: URL(filePath: path), options: .atomic)
      try FileManager.default.setAttributes([.posixPermissions: Int(mode)], ofItemAtPath: path)
    } catch {
      throw Problem(.cannotCreate, "cannot write \(path): \(reason(error))")
    }
  }

  /// Creates a directory and those above it, with mode 0700.
  ///
  /// - Throws: `cannotCreate` if one cannot be created.
  static func makeDirectories(_ path: String) throws(Problem) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += (made.isEmpty || made == "/" ? "" : "/") + part
      guard mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
      throw Problem(.cannotCreate, "cannot create \(made): \(String(cString: strerror(errno)))")
    }
  }

  /// Calls `body` with a new directory, which is removed afterwards.
  static func withTemporaryDirectory<Result>(
    _ body: (String) throws(Problem) -> Result
  ) throws(Problem) -> Result {
    let path = FileManager.default.temporaryDirectory.path + "/meterbridge-\(UUID().uuidString)"
    try makeDirectories(path)
    // A leftover in the temporary directory is harmless
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let code = (error as? POSIXError)?.code.rawValue ?? underlying.map { Int32($0.code) }
    if (error as? CocoaError)?.code == .fileReadNoSuchFile { return "no such file" }
    return code.map { String(cString: strerror($0)) } ?? error.localizedDescription
  }
}
