import Dispatcher
import Values

extension Command {
  /// `completion`, `man`, and `complete`, which the shells call.
  static let manualCommands = [
    Command(
      name: "completion", summary: "Show what makes a shell complete this command's line",
      operands: ["SHELL"],
      details: """
        SHELL is bash, zsh or fish; the line for its start file is:

        \(Shell.allCases.map { "\($0.rawValue): \($0.advice)" }.joined(separator: "\n\n"))
        """, usesHome: false
    ) { (context) throws(Problem) in
      let name = context.arguments.operands[0]
      guard let shell = Shell(rawValue: name) else {
        let names = Shell.allCases.map(\.rawValue).joined(separator: ", ")
        throw context.arguments.wrong("there is no completion for \"\(name)\", but \(names)")
      }
      context.wantsJSON
        ? Terminal.say(["script": .string(shell.script)]) : Terminal.say(shell.script)
    },
    Command(
      name: "man", summary: "Show the manual page, for man(1)",
      details: "meterbridge man | man -l -", usesHome: false
    ) { context in
      context.wantsJSON
        ? Terminal.say(["page": .string(ManPage.text)]) : Terminal.say(ManPage.text)
    },
    complete,
  ]

  /// Candidates for the last word of a line that is being typed, one a line, each with what it is behind
  /// a tab; `:files` and `:directories` stand for what the shell knows.
  private static let complete = Command(
    name: "complete", summary: "Say what may stand at the end of a command line",
    operands: ["WORD…?"],
    options: [Option(name: "split", help: "The words were split at =, as bash does")],
    isHidden: true
  ) { context in
    var words = context.arguments.operands
    let isSplit = context.arguments.has("split")
    if isSplit { words = joined(words) }
    let front = words.last.flatMap { word in word.lastIndex(of: "=").map { word[...$0] } } ?? ""
    for candidate in Completion(words, CompletionValues(context: context)).candidates {
      switch candidate {
      case .files: Terminal.say(":files")
      case .directories: Terminal.say(":directories")
      case .word(let word, let help):
        let word = isSplit ? String(word.dropFirst(front.count)) : word
        if word.isEmpty { continue }  // it is typed already
        Terminal.say(help.isEmpty ? word : "\(word)\t\(help)")
      }
    }
  }

  /// The words as they were typed.
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
