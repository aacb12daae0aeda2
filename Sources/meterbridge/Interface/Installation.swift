import Dispatcher
import Foundation
import Values

/// Where the parts of this installation are.
enum Installation {
  /// The folder of the apps and flows: `METERBRIDGE_FUNCTIONS`, else the `functions` beside or above
  /// the executable.
  static func functions() throws(Problem) -> String {
    if let path = ProcessInfo.processInfo.environment["METERBRIDGE_FUNCTIONS"]?.words {
      return path
    }
    var folder = try executables()
    while folder != "/", !folder.isEmpty {
      let path = folder + "/functions"
      if FileManager.default.fileExists(atPath: path + "/flows") { return path }
      folder = (folder as NSString).deletingLastPathComponent
    }
    throw Problem(
      .configuration,
      "cannot find the folder functions/ with the apps; say where it is in METERBRIDGE_FUNCTIONS")
  }

  /// The folder of the steps' executables: that of this one.
  static func executables() throws(Problem) -> String {
    do {
      let path = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      return (path as NSString).deletingLastPathComponent
    } catch {
      throw Problem(.software, "cannot tell where this program is: \(error)")
    }
  }
}
