import FoundationEssentials
import Glibc

/// The folder in which Lambda lays a function's files: this program, and the step that it holds.
struct TaskRoot {
  /// What Lambda starts.
  private static let own = "bootstrap"

  private let folder: String

  init(_ folder: String) { self.folder = folder }

  /// The step that the function's handler names or, where it names none, the only one there is: for
  /// a runtime of one's own, many write there what they like.
  func step(_ handler: String?) throws(Fault) -> String {
    if let handler, handler != Self.own, !handler.contains("/"), isProgram(handler) {
      return "\(folder)/\(handler)"
    }
    // Where the folder cannot be read, it holds no step.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let steps = names.filter { $0 != Self.own && isProgram($0) }
    guard steps.count == 1 else {
      throw Fault(
        .notStarted,
        "the handler \"\(handler ?? "")\" names no program in \(folder), and \(steps.count) others are there"
      )
    }
    return "\(folder)/\(steps[0])"
  }

  private func isProgram(_ name: String) -> Bool {
    var status = stat()
    let path = "\(folder)/\(name)"
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }
}
