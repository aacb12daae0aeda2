import Values

/// A command: its name, its arguments and its action.
///
/// Help, the manual page and completion are made
/// from it.
struct Command: Sendable {
  /// The name, such as `connection add`.
  let name: String
  /// An imperative sentence without a full stop.
  let summary: String
  /// The placeholders of the operands, in capitals: `?` at the end marks one that is optional, `…` one
  /// that may be repeated.
  var operands: [String] = []
  /// The options, without those that every command has.
  var options: [Option] = []
  /// Further paragraphs of the help.
  var details = ""
  /// Whether the command reads or writes a home; `--home` is accepted either way.
  var usesHome = true
  /// Whether `--json` prints one object per line instead of one value.
  var printsLines = false
  /// Whether the command is for programs only and left out of all help.
  var isHidden = false
  /// The action.
  let run: @Sendable (Context) throws(Problem) -> Void

  /// The options that are accepted.
  var known: [Option] { options + [.home, .engine, .json(lines: printsLines), .help] }

  /// The options that have an effect.
  var listed: [Option] { known.filter { usesHome || !["home", "engine"].contains($0.name) } }

  /// The option that a word such as `--name` or `--name=value` names.
  func option(_ word: String) -> Option? {
    let name = word.prefix { $0 != "=" }
    return known.first { $0.isNamed(name) }
  }

  /// The operands and the required options; what may be left out is in brackets.
  var synopsis: [String] {
    operands.map { $0.hasSuffix("?") ? "[\($0.dropLast())]" : $0 }
      + options.filter(\.isRequired).map(\.usage)
  }
}
