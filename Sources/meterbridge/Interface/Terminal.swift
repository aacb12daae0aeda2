import Foundation
import Kernel
import Values

/// Standard output, for data, and standard error, for messages.
enum Terminal {
  /// Writes one line of data, whoever wrote it.
  static func print(_ line: String) { print(styled: line.displayed()) }

  /// Writes a page of which we laid out the lines; texts of others were displayed in it.
  static func print(page: String) { print(styled: page.displayed(isPage: true)) }

  /// Writes a value as one line of JSON.
  static func print(_ json: JSON) { print(styled: json.displayedText) }

  /// Writes a text of our own in colors, and ends the process with status 74 if that fails.
  ///
  /// A reader that closes the pipe early is no failure.
  static func print(styled text: String) {
    guard let code = write(text + "\n", to: STDOUT_FILENO), code != EPIPE else { return }
    warn("cannot write to standard output: \(String(cString: strerror(code)))")
    exit(Problem.Kind.io.rawValue)
  }

  /// Writes a line of a log to standard output; it is lost if that fails.
  static func log(_ json: JSON) { write(json.displayedText + "\n", to: STDOUT_FILENO) }

  /// Writes a message of one line.
  static func note(_ line: String) { write(line.displayed() + "\n", to: STDERR_FILENO) }

  /// Writes a message of which we laid out the lines.
  static func note(page: String) { write(page.displayed(isPage: true) + "\n", to: STDERR_FILENO) }

  /// Writes a warning.
  static func warn(_ text: String) { note("meterbridge: \(text)") }

  /// Writes an error, which may be a list of them.
  static func warn(_ problem: Problem) {
    note(page: "meterbridge: " + problem.lines.map { $0.displayed() }.joined(separator: "\n"))
  }

  /// Writes a question that is answered on the same line.
  static func prompt(_ text: String) { write(text.displayed(), to: STDERR_FILENO) }

  /// Asks for a value; nil without a terminal or an answer.
  static func ask(_ label: String) -> String? {
    guard isatty(STDIN_FILENO) == 1 else { return nil }
    prompt("\(label): ")
    return readLine(strippingNewline: true)?.nonBlank
  }

  /// Asks for a secret without echoing it; nil without a terminal or an answer.
  static func ask(secret label: String) -> String? {
    guard isatty(STDIN_FILENO) == 1 else { return nil }
    var saved = termios()
    guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return nil }
    var silent = saved
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved)
      note("")
    }
    return ask(label)
  }

  /// A text in bold, if standard output is a terminal with colors.
  static func bold(_ text: String) -> String { styled(text, "1") }

  /// A text in green, if standard output is a terminal with colors.
  static func green(_ text: String) -> String { styled(text, "32") }

  private static func styled(_ text: String, _ code: String) -> String {
    let environment = ProcessInfo.processInfo.environment
    let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    guard isatty(STDOUT_FILENO) == 1, !isPlain, environment["TERM"] != "dumb" else { return text }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }

  /// Writes all of a text.
  ///
  /// - Returns: the system's error code if that fails.
  @discardableResult
  private static func write(_ text: String, to descriptor: Int32) -> Int32? {
    Progress.clear()
    return writeAll(Array(text.utf8), to: descriptor)
  }
}
