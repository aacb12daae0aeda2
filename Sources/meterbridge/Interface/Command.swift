import Dispatcher
import Values

/// A command: what it is called, what it takes, what it does.
///
/// Help is made from the same table.
struct Command: Sendable {
  /// `connection add`.
  let name: String
  /// What it does, in a line.
  let summary: String
  /// What stands behind it, in capitals; one that ends in `?` may be left out, one with `…` may be
  /// given several times.
  var operands: [String] = []
  /// The options of its own.
  var options: [Option] = []
  /// What more there is to know.
  var details = ""
  /// Whether it works on a home; the option is taken by all, so that it can stand before any.
  var usesHome = true
  /// Whether it is for programs, and no help lists it.
  var isHidden = false
  /// What it does.
  let run: @Sendable (Context) throws(Problem) -> Void

  /// All commands, in the order of the help.
  static let all: [Command] =
    [demo, serve, sandbox, dispatch, plan, invoke, build, package] + appCommands
    + connectionCommands + stepCommands + flowCommands + flowFileCommands
    + eventCommands + runCommands + linkCommands + webhookCommands + storeCommands
    + settingCommands + [metrics, doctor] + manualCommands

  /// Those that are for people.
  static var shown: [Command] { all.filter { !$0.isHidden } }

  /// The options that it knows.
  var known: [Option] { options + Option.common }

  /// Those that it makes use of.
  var listed: [Option] { known.filter { usesHome || $0.name != "home" } }
}

extension Command {
  /// The command that the first words name, and the words behind it; nil where help was all that was
  /// asked for, and is given.
  static func find(_ words: [String]) throws(Problem) -> (command: Command, rest: [String])? {
    let (options, words) = leadingOptions(of: words)
    guard let (command, rest) = try find(behindOptions: words) else { return nil }
    return (command, options + rest)
  }

  /// The options that every command has may stand before it.
  private static func leadingOptions(
    of words: [String]
  ) -> (options: [String], rest: [String]) {
    var rest = words[...]
    var options: [String] = []
    while let word = rest.first, word == "--json" || word.hasPrefix("--home") {
      options.append(rest.removeFirst())
      if word == "--home", let value = rest.popFirst() { options.append(value) }
    }
    return (options, Array(rest))
  }

  private static func find(
    behindOptions words: [String]
  ) throws(Problem) -> (command: Command, rest: [String])? {
    for count in [2, 1] where words.count >= count {
      let name = words.prefix(count).joined(separator: " ")
      if let command = all.first(where: { $0.name == name }) {
        return (command, Array(words.dropFirst(count)))
      }
    }
    let first = words.first ?? "help"
    if ["help", "--help", "-h"].contains(first) { return try help(Array(words.dropFirst())) }
    if first == "--version" || first == "version" {
      Terminal.say("meterbridge \(Version.text)")
      return nil
    }
    let group = all.filter { $0.name.hasPrefix(first + " ") }
    guard !group.isEmpty else {
      throw unknown(first, among: all.map { String($0.name.prefix { $0 != " " }) })
    }
    if words.count < 2 || ["--help", "-h"].contains(words[1]) {
      Terminal.say(Help.list(of: group))
      return nil
    }
    throw unknown(words.prefix(2).joined(separator: " "), among: group.map(\.name))
  }

  private static func help(_ words: [String]) throws(Problem) -> (Command, [String])? {
    if words.isEmpty {
      Terminal.say(Help.overview)
      return nil
    }
    return try find(words + ["--help"])
  }

  private static func unknown(_ name: String, among names: [String]) -> Problem {
    let near = names.min { name.distance(to: $0) < name.distance(to: $1) }
    let hint = near.map { $0.distance(to: name) <= 3 ? ", did you mean \"\($0)\"?" : "" } ?? ""
    return Problem(
      .usage, "there is no command \"\(name)\"\(hint); `meterbridge --help` lists them")
  }
}

extension String {
  /// How many letters must be added, taken away, changed or swapped with the next to make the one the
  /// other.
  func distance(to other: String) -> Int {
    let (one, other) = (Array(self), Array(other))
    var before: [Int] = []
    var row = Array(0...other.count)
    for i in one.indices {
      var next = [i + 1]
      for j in other.indices {
        var least = min(row[j] + (one[i] == other[j] ? 0 : 1), min(row[j + 1], next[j]) + 1)
        if i > 0, j > 0, one[i] == other[j - 1], one[i - 1] == other[j] {
          least = min(least, before[j - 1] + 1)
        }
        next.append(least)
      }
      (before, row) = (row, next)
    }
    return row[other.count]
  }
}
