import Dispatcher
import Foundation

/// Reads the command line, does what it says, and ends with the status of sysexits(3).
@main
enum Main {
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    defer { Progress.clear() }
    do throws(Problem) {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      Terminal.complain(error.description)
      exit(error.kind.rawValue)
    }
  }

  private static func run(_ words: [String]) throws(Problem) {
    guard let (command, rest) = try Command.find(words) else { return }
    let arguments = try Arguments(rest, of: command)
    if arguments.has("help") { return Terminal.say(Help.page(of: command)) }
    try command.run(Context(arguments))
  }
}
