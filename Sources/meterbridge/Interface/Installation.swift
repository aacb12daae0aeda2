import Foundation
import Values

/// The files of this installation.
enum Installation {
  /// The folder of the apps and flows: `METERBRIDGE_FUNCTIONS`, else `functions` beside or above the
  /// executable.
  ///
  /// - Throws: `configuration` if there is none.
  static func functions() throws(Problem) -> String {
    if let path = ProcessInfo.processInfo.environment["METERBRIDGE_FUNCTIONS"]?.nonBlank {
      return path
    }
    var folder = try executables()
    while folder != "/", !folder.isEmpty {
      let path = folder + "/functions"
      if Files.exists(path + "/flows") { return path }
      folder = (folder as NSString).deletingLastPathComponent
    }
    throw Problem(
      .configuration,
      "cannot find the folder functions/ with the apps; set METERBRIDGE_FUNCTIONS to its path")
  }

  /// The folder of the steps' executables, which is that of this program.
  static func executables() throws(Problem) -> String {
    do {
      let path = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      return (path as NSString).deletingLastPathComponent
    } catch {
      throw Problem(.software, "cannot find the path of this program: \(error)")
    }
  }
}
