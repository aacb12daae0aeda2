import Foundation
import Processes
import Values

/// Runs the command that the command line names, and exits with a status of sysexits(3).
@main
enum Main {
  static func main() {
    keepStandardDescriptors()
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)  // A file at its limit is an error of the write, as a full disk is.
    OwnMemory.hide()
    defer { Progress.clear() }
    let words = Array(CommandLine.arguments.dropFirst())
    do throws(Problem) {
      try run(words)
    } catch {
      words.prefix { $0 != "--" }.contains("--json")
        ? Terminal.note(error.json.displayedText) : Terminal.warn(error)
      exit(error.kind.rawValue)
    }
  }

  /// Opens the standard descriptors that are closed: the next file to be opened, the store, would
  /// otherwise take their number and their output.
  private static func keepStandardDescriptors() {
    for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 {
      // Read-only, so that writing data to it fails
      _ = open("/dev/null", O_RDONLY)
    }
  }

  private static func run(_ words: [String]) throws(Problem) {
    switch try Command.table.request(words) {
    case .print(let text): Terminal.print(page: text)
    case .run(let command, let rest):
      let arguments = try Arguments(rest, of: command)
      if arguments.has("help") { return Terminal.print(page: Help.page(of: command)) }
      try Audit.run(command, arguments)
    }
  }
}

extension Problem {
  /// The error as JSON: `error` is the message, `status` the exit status.
  fileprivate var json: JSON {
    .members(["error": .string(description), "status": .int(Int(kind.rawValue))])
  }
}
