/// An option of a command.
struct Option: Sendable {
  /// The name, without the hyphens.
  let name: String
  /// The placeholder of the value, in capitals; nil for a flag.
  let value: String?
  /// The one-letter form.
  let letter: Character?
  /// What the option does: a phrase without a full stop.
  let help: String
  /// Whether the command refuses to run without it.
  let isRequired: Bool
  /// Whether it may be given several times.
  let isRepeatable: Bool

  init(
    _ name: String, _ value: String? = nil, letter: Character? = nil, help: String,
    isRequired: Bool = false, isRepeatable: Bool = false
  ) {
    (self.name, self.value, self.letter, self.help) = (name, value, letter, help)
    (self.isRequired, self.isRepeatable) = (isRequired, isRepeatable)
  }

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
  static let home = Option("home", "DIR", help: "Keep the store and the secrets in this directory")
  static let help = Option("help", letter: "h", help: "Show this help")
  static let yes = Option("yes", help: "Do not ask for confirmation")
  static let cold = Option("cold", help: "Start a new process for each call of a step")
  static let event = Option(
    "event", "FILE", letter: "e", help: "The file of the event; default: -, standard input")

  /// `--json`, for a command that prints one value or a stream of them.
  static func json(lines: Bool) -> Option {
    Option(
      "json",
      help: lines ? "Print JSON Lines: one JSON object per line" : "Print JSON instead of text")
  }

  /// `--since`, with what it selects.
  static func since(_ what: String) -> Option {
    Option("since", "TIME", help: "\(what): a time, or an age such as 30d or 12h")
  }

  /// `--limit`, with what is limited.
  static func limit(_ help: String) -> Option { Option("limit", "N", help: help) }
}
