/// An option of a command.
struct Option: Sendable {
  /// Its name, without the hyphens.
  let name: String
  /// A letter that stands for it.
  var letter: Character?
  /// What its value is, in capitals; nil for an option that is there or not.
  var value: String?
  /// Whether the command cannot do without it.
  var isRequired = false
  /// Whether it may be given several times.
  var isRepeatable = false
  /// What it does.
  let help: String

  /// The options that every command has.
  static let common = [
    Option(name: "home", value: "DIR", help: "Where the store and the secrets are kept"),
    Option(name: "json", help: "Give JSON instead of text for people"),
    Option(name: "help", letter: "h", help: "Show this help"),
  ]

  /// Whether steps are kept running between calls.
  static let cold = Option(name: "cold", help: "Start a process for each call of a step; keep none")

  /// The event that a command works on.
  static let event = Option(
    name: "event", letter: "e", value: "FILE", help: "The event; - or nothing is standard input")
}
