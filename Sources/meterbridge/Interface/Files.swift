import Dispatcher
import Foundation
import Values

/// Files and folders that the commands for deploying read and make.
enum Files {
  /// Whether there is something of that name.
  static func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// All of a file.
  static func read(_ path: String) throws(Problem) -> [UInt8] {
    do {
      return Array(try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw Problem(.noInput, "cannot read \(path): \(reason(error))")
    }
  }

  /// Makes or replaces a file and the folders above it.
  static func write(_ bytes: [UInt8], to path: String, mode: UInt16) throws(Problem) {
    do {
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      // A program that runs cannot be written to, but another can take its name.
      try Data(bytes).write(to: URL(filePath: path), options: .atomic)
      try FileManager.default.setAttributes([.posixPermissions: Int(mode)], ofItemAtPath: path)
    } catch {
      throw Problem(.cannotCreate, "cannot write \(path): \(reason(error))")
    }
  }

  /// A folder of its own while something is done.
  static func withTemporaryFolder<Result>(
    _ body: (String) throws(Problem) -> Result
  ) throws(Problem) -> Result {
    let path = FileManager.default.temporaryDirectory.path + "/meterbridge-\(UUID().uuidString)"
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw Problem(.cannotCreate, "cannot make \(path): \(reason(error))")
    }
    defer { try? FileManager.default.removeItem(atPath: path) }  // litter at worst
    return try body(path)
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let code = (error as? POSIXError)?.code.rawValue ?? underlying.map { Int32($0.code) }
    if (error as? CocoaError)?.code == .fileReadNoSuchFile { return "there is no such file" }
    return code.map { String(cString: strerror($0)) } ?? error.localizedDescription
  }
}
