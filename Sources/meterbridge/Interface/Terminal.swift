import Dispatcher
import Foundation
import StepKit
import Values

/// Standard output is data, standard error is for people.
enum Terminal {
  /// Writes a line of data.
  static func say(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

  /// Writes a value as one line of JSON.
  static func say(_ json: JSON) { say(json.text) }

  /// Tells a person something.
  static func tell(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

  /// Asks a person for something; nil where there is no terminal, or no answer.
  static func answer(to label: String) -> String? {
    guard isatty(STDIN_FILENO) == 1 else { return nil }
    ask("\(label): ")
    return readLine(strippingNewline: true)?.words
  }

  /// Asks a person something, who answers on the same line.
  static func ask(_ text: String) { write(text, to: STDERR_FILENO) }

  /// Tells a person what is wrong.
  static func complain(_ text: String) { tell("meterbridge: \(text)") }

  /// Asks for a secret on the terminal without showing what is typed; nil where there is no terminal.
  static func ask(secret label: String) -> String? {
    guard isatty(STDIN_FILENO) == 1 else { return nil }
    var saved = termios()
    guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return nil }
    var silent = saved
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved)
      tell("")
    }
    write("\(label): ", to: STDERR_FILENO)
    return readLine(strippingNewline: true)?.words
  }

  /// A text in bold, where a person looks at it and wants colours.
  static func bold(_ text: String) -> String { styled(text, "1") }

  /// A text in green, likewise.
  static func green(_ text: String) -> String { styled(text, "32") }

  private static func styled(_ text: String, _ code: String) -> String {
    let environment = ProcessInfo.processInfo.environment
    let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    guard isatty(STDOUT_FILENO) == 1, !isPlain, environment["TERM"] != "dumb" else { return text }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }

  private static func write(_ text: String, to descriptor: Int32) {
    Progress.clear()
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return lost(descriptor, errno) }
      rest = rest.dropFirst(count)
    }
  }

  /// Output that cannot be written is no success; a reader that has seen enough is no failure.
  private static func lost(_ descriptor: Int32, _ code: Int32) {
    guard descriptor == STDOUT_FILENO, code != EPIPE else { return }
    complain("cannot write standard output: \(String(cString: strerror(code)))")
    exit(Problem.Kind.io.rawValue)
  }
}
