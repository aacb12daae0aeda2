import Dispatcher
import Foundation
import StepKit
import Values

/// Reads the command line, does what it says, and ends with the status of sysexits(3).
@main
enum Main {
  static func main() {
    keepStandardDescriptors()
    signal(SIGPIPE, SIG_IGN)
    defer { Progress.clear() }
    let words = Array(CommandLine.arguments.dropFirst())
    do throws(Problem) {
      try run(words)
    } catch {
      words.prefix { $0 != "--" }.contains("--json")
        ? Terminal.tell(error.json.text) : Terminal.complain(error.description)
      exit(error.kind.rawValue)
    }
  }

  /// Whoever starts this with a standard descriptor closed would otherwise have what is said there
  /// written into the first file that is opened: the store.
  private static func keepStandardDescriptors() {
    for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 {
      // Nothing can be written there, and so it is noticed that data went nowhere
      _ = open("/dev/null", O_RDONLY)
    }
  }

  private static func run(_ words: [String]) throws(Problem) {
    guard let (command, rest) = try Command.find(words) else { return }
    let arguments = try Arguments(rest, of: command)
    if arguments.has("help") { return Terminal.say(Help.page(of: command)) }
    try command.run(Context(arguments))
  }
}

extension Problem {
  /// What went wrong, for programs: `error` says it as people read it, `status` is the exit status.
  fileprivate var json: JSON {
    .members(["error": .string(description), "status": .int(Int(kind.rawValue))])
  }
}
