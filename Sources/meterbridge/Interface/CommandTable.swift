import Setup
import Values

/// All commands, and the choice among them by the first words of a command line.
struct CommandTable {
  /// What a command line asks for.
  enum Request {
    /// A command, with the words that are its arguments.
    case run(Command, [String])
    /// A text, such as the help of a group of commands.
    case print(String)
  }

  /// All commands, in the order of the help.
  let all: [Command]

  /// The commands that help lists.
  var shown: [Command] { all.filter { !$0.isHidden } }

  /// Finds the command that the words name.
  ///
  /// `--home`, `--engine` and `--json` may come before the command.
  ///
  /// - Throws: `usage`, with a suggestion where a name looks misspelt.
  func request(_ words: [String]) throws(Problem) -> Request {
    var rest = words[...]
    var options: [String] = []
    while let word = rest.first,
      word == "--json" || word.hasPrefix("--home") || word.hasPrefix("--engine")
    {
      options.append(rest.removeFirst())
      if word == "--home" || word == "--engine", let value = rest.popFirst() {
        options.append(value)
      }
    }
    let request = try find(Array(rest))
    if case .run(let command, let rest) = request { return .run(command, options + rest) }
    return request
  }

  private func find(_ words: [String]) throws(Problem) -> Request {
    for count in [3, 2, 1] where words.count >= count {
      let name = words.prefix(count).joined(separator: " ")
      if let command = all.first(where: { $0.name == name }) {
        return .run(command, Array(words.dropFirst(count)))
      }
    }
    let first = words.first ?? "help"
    if ["help", "--help", "-h"].contains(first) {
      guard words.count > 1 else { return .print(Help.overview(shown)) }
      return try find(words.dropFirst() + ["--help"])
    }
    if first == "--version" || first == "version" { return .print("meterbridge \(Version.text)") }
    for count in [2, 1] where words.count >= count {
      let name = words.prefix(count).joined(separator: " ")
      let group = all.filter { $0.name.hasPrefix(name + " ") }
      guard !group.isEmpty else { continue }
      if words.count == count || ["--help", "-h"].contains(words[count]) {
        return .print(Help.list(group))
      }
      throw unknown(words.prefix(count + 1).joined(separator: " "), among: group.map(\.name))
    }
    throw unknown(first, among: all.map { String($0.name.prefix { $0 != " " }) })
  }

  private func unknown(_ name: String, among names: [String]) -> Problem {
    let hint = name.closest(among: names, within: 3).map { "; did you mean \"\($0)\"?" }
    return Problem(
      .usage, "unknown command \"\(name)\"\(hint ?? ""); see `meterbridge --help`")
  }
}
