import Values

extension Command {
  static let manualCommands = [
    Command(
      name: "completion", summary: "Print the completion script of a shell",
      operands: ["SHELL"],
      details: """
        SHELL is bash, zsh or fish. Add this line to the shell's startup file:

        \(Shell.allCases.map { "\($0.rawValue): \($0.advice)" }.joined(separator: "\n\n"))
        """, usesHome: false
    ) { (context) throws(Problem) in
      let name = context.arguments.operands[0]
      guard let shell = Shell(rawValue: name) else {
        let names = Shell.allCases.map(\.rawValue).joined(separator: ", ")
        throw context.arguments.wrong("unknown shell \"\(name)\"; the shells are \(names)")
      }
      context.print(["script": .string(shell.script)], page: shell.script)
    },
    Command(
      name: "man", summary: "Print the manual page in the format of man(1)",
      details: "To read it: meterbridge man | man -l -", usesHome: false
    ) { context in
      let page = ManPage.text(table.shown)
      context.print(["page": .string(page)], page: page)
    },
    complete,
  ]

  /// Prints the candidates for the last word, one per line, with a tab and a description.
  ///
  /// `:files` and `:directories` ask the shell to complete paths.
  private static let complete = Command(
    name: "complete", summary: "Print the candidates for the last word of a command line",
    operands: ["WORD…?"],
    options: ["--split: The words are split at =, as bash does"],
    isHidden: true
  ) { context in
    var words = context.arguments.operands
    let isSplit = context.arguments.has("split")
    if isSplit { words = joined(words) }
    let front = words.last.flatMap { word in word.lastIndex(of: "=").map { word[...$0] } } ?? ""
    for candidate in Completion(words, table, CompletionValues(context: context)).candidates {
      switch candidate {
      case .files: Terminal.print(":files")
      case .directories: Terminal.print(":directories")
      case .word(let word, let help):
        let word = isSplit ? String(word.dropFirst(front.count)) : word
        if word.isEmpty { continue }  // all of it is typed
        Terminal.print(page: help.isEmpty ? word : "\(word)\t\(help)")
      }
    }
  }

  /// The words as they were before bash split them.
  private static func joined(_ words: [String]) -> [String] {
    var joined: [String] = []
    var isOpen = false
    for word in words {
      if word == "=" || isOpen, let last = joined.popLast() {
        joined.append(last + word)
      } else {
        joined.append(word)
      }
      isOpen = word == "="
    }
    return joined
  }
}
