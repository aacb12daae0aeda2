/// The candidates for the last word of a command line.
struct Completion {
  /// A candidate for a word.
  enum Candidate: Equatable {
    case word(String, help: String = "")
    /// File names, which the shell completes itself.
    case files
    case directories
  }

  private let commands: CommandTable
  /// The words before the last one, without the program's name.
  private let before: [String]
  /// The last word as typed so far.
  private let typed: String
  private let values: CompletionValues

  /// - Parameters:
  ///   - words: the words after the program's name, up to the cursor; the last may be empty.
  ///   - commands: the commands that can be named.
  ///   - values: the values that can be named.
  init(_ words: [String], _ commands: CommandTable, _ values: CompletionValues) {
    let words = words.isEmpty ? [""] : words
    before = Array(words.dropLast())
    typed = words[words.count - 1]
    self.commands = commands
    self.values = values
  }

  /// The candidates that begin as typed.
  var candidates: [Candidate] {
    all.filter { candidate in
      if case .word(let word, _) = candidate { word.hasPrefix(typed) } else { true }
    }
  }

  private var all: [Candidate] {
    var words = before
    if ["help", "--help", "-h"].contains(words.first) { words.removeFirst() }
    let further = words.isEmpty ? [] : self.further(words.joined(separator: " "))
    for count in [3, 2, 1] where words.count >= count {
      let name = words.prefix(count).joined(separator: " ")
      if let command = commands.all.first(where: { $0.name == name }) {
        return (words.count == count ? further : [])
          + arguments(of: command, Array(words.dropFirst(count)))
      }
    }
    return words.isEmpty ? firstWords : further
  }

  /// The words that follow the first words of commands.
  private func further(_ name: String) -> [Candidate] {
    var seen: Set<Substring> = []
    let group = commands.shown.filter { $0.name.hasPrefix("\(name) ") }
    return group.compactMap { command in
      let rest = command.name.dropFirst(name.count + 1)
      let next = rest.prefix { $0 != " " }
      guard seen.insert(next).inserted else { return nil }
      guard next != rest else { return .word(String(next), help: command.summary) }
      let own = group.filter { $0.name.hasPrefix("\(name) \(next) ") }
      return .word(String(next), help: own.map { Self.last($0.name) }.joined(separator: ", "))
    }
  }

  /// The first words of all commands.
  private var firstWords: [Candidate] {
    var seen: Set<String> = []
    return commands.shown.compactMap { command in
      let first = String(command.name.prefix { $0 != " " })
      guard seen.insert(first).inserted else { return nil }
      guard first != command.name else { return .word(first, help: command.summary) }
      let group = commands.shown.filter { $0.name.hasPrefix("\(first) ") }
      return .word(first, help: group.map { Self.last($0.name) }.joined(separator: ", "))
    } + [.word("help", help: "Show the help of a command")]
  }

  private static func last(_ name: String) -> String {
    String(name.split(separator: " ").last ?? "")
  }
}

// MARK: - Arguments

extension Completion {
  private func arguments(of command: Command, _ words: [String]) -> [Candidate] {
    var (operands, given) = ([String](), Set<String>())
    var open: Option?
    var onlyOperands = false
    for word in words {
      if open != nil {
        open = nil
      } else if onlyOperands || word == "-" || !word.hasPrefix("-") {
        operands.append(word)
      } else if word == "--" {
        onlyOperands = true
      } else if let option = command.option(word) {
        given.insert(option.name)
        if option.value != nil, !word.contains("=") { open = option }
      }
    }
    if let open {
      return values.candidates(for: open.value ?? "", of: command, operands, option: open.name)
    }
    if !onlyOperands, typed.hasPrefix("-") { return options(of: command, given, operands) }
    let names = command.operands
    let index = min(operands.count, names.count - 1)
    guard index >= 0, operands.count < names.count || names[index].contains("…") else {
      return onlyOperands ? [] : options(of: command, given, operands)
    }
    return values.candidates(for: names[index], of: command, operands, option: nil)
  }

  private func options(
    of command: Command, _ given: Set<String>, _ operands: [String]
  ) -> [Candidate] {
    if let equals = typed.firstIndex(of: "="), let option = command.option(typed) {
      let name = String(typed[...equals])
      return values.candidates(for: option.value ?? "", of: command, operands, option: option.name)
        .compactMap { candidate in
          guard case .word(let word, let help) = candidate else { return nil }
          return .word(name + word, help: help)
        }
    }
    return command.listed.filter { $0.isRepeatable || !given.contains($0.name) }
      .map { .word("--\($0.name)", help: $0.help) }
  }
}
