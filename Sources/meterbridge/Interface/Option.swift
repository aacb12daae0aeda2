/// An option of a command.
struct Option: Sendable {
  /// The name, without the hyphens.
  let name: String
  /// The one-letter form.
  var letter: Character?
  /// The placeholder of the value, in capitals; nil for a flag.
  var value: String?
  /// Whether the command refuses to run without it.
  var isRequired = false
  /// Whether it may be given several times.
  var isRepeatable = false
  /// What the option does: a phrase without a full stop.
  let help: String

  /// `--name VALUE`, as in a synopsis.
  var usage: String { "--" + name + (value.map { " \($0)" } ?? "") }

  /// The help, with how often the option is given.
  var explanation: String {
    help + (isRequired ? " (required)" : "") + (isRepeatable ? "; may be repeated" : "")
  }

  /// Whether a word of the command line is this option.
  func isNamed(_ word: some StringProtocol) -> Bool {
    word == "--\(name)" || letter.map { word == "-\($0)" } ?? false
  }
}

extension Option {
  static let home = Option(
    name: "home", value: "DIR", help: "Keep the store and the secrets in this directory")
  static let help = Option(name: "help", letter: "h", help: "Show this help")
  static let yes = Option(name: "yes", help: "Do not ask for confirmation")
  static let cold = Option(name: "cold", help: "Start a new process for each call of a step")
  static let event = Option(
    name: "event", letter: "e", value: "FILE",
    help: "The file of the event; default: -, standard input")

  /// `--json`, for a command that prints one value or a stream of them.
  static func json(lines: Bool) -> Option {
    Option(
      name: "json",
      help: lines ? "Print JSON Lines: one JSON object per line" : "Print JSON instead of text")
  }

  /// `--since`, for a command that selects by time.
  static func since(_ what: String) -> Option {
    Option(
      name: "since", value: "TIME", help: "\(what): a time, or an age such as 30d or 12h")
  }

  /// `--limit`, with what is limited.
  static func limit(_ help: String) -> Option { Option(name: "limit", value: "N", help: help) }
}
