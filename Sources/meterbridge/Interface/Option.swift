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

extension Option: ExpressibleByStringLiteral {
  /// An option as `--name VALUE: help`.
  ///
  /// `-n --name` gives it a letter; `!` behind the placeholder of the value marks an option that is
  /// required, `…` one that may be repeated.
  init(stringLiteral text: String) {
    let parts = text.split(separator: ": ", maxSplits: 1)
    let words = parts[0].split(separator: " ")
    let placeholder = words.last { !$0.hasPrefix("-") }
    name = words.last { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) } ?? text
    value = placeholder?.filter { !"!…".contains($0) }
    letter = words.first { !$0.hasPrefix("--") && $0.hasPrefix("-") }?.last
    help = String(parts[1])
    isRequired = placeholder?.hasSuffix("!") ?? false
    isRepeatable = placeholder?.hasSuffix("…") ?? false
  }
}

extension Option {
  static let home: Option = "--home DIR: Keep the store and the secrets in this directory"
  static let engine: Option =
    "--engine ENGINE: Keep them in files (file) or in a table of DynamoDB (aws:TABLE)"
  static let help: Option = "-h --help: Show this help"
  static let yes: Option = "--yes: Do not ask for confirmation"
  static let cold: Option = "--cold: Start a new process for each call of a step"
  static let event: Option = "-e --event FILE: The file of the event; default: -, standard input"

  /// `--json`, for a command that prints one value or a stream of them.
  static func json(lines: Bool) -> Option {
    lines
      ? "--json: Print JSON Lines: one JSON object per line" : "--json: Print JSON instead of text"
  }

  /// `--since`, with what it selects.
  static func since(_ what: String) -> Option {
    Option(stringLiteral: "--since TIME: \(what): a time, or an age such as 30d or 12h")
  }

  /// `--limit`, with what is limited.
  static func limit(_ help: String) -> Option { Option(stringLiteral: "--limit N: \(help)") }
}
