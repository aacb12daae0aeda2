import FoundationEssentials
import Glibc

/// The folder of a Lambda function's files: this program and its step.
struct TaskRoot {
  /// The program that Lambda starts.
  private static let own = "bootstrap"

  private let folder: String

  init(_ folder: String) { self.folder = folder }

  /// The path of the step that the function's handler names, or else of the only step in the folder:
  /// with a custom runtime, a handler may be any text.
  func step(_ handler: String?) throws(InvocationError) -> String {
    if let handler, handler != Self.own, !handler.contains("/"), isProgram(handler) {
      return "\(folder)/\(handler)"
    }
    // A folder that cannot be read counts as empty.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let steps = names.filter { $0 != Self.own && isProgram($0) }
    guard steps.count == 1 else {
      throw InvocationError(
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
