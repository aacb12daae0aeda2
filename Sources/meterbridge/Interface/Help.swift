/// The texts of `--help`, made from the table of commands.
enum Help {
  /// All commands.
  static var overview: String {
    """
    Meterbridge keeps Togai and Chargebee in step.

    usage: meterbridge COMMAND [OPTION…]

    \(rows(Command.shown))

    `meterbridge COMMAND --help` says more of each. Exit statuses are those of sysexits(3).
    """
  }

  /// Some commands.
  static func list(of commands: [Command]) -> String { rows(commands) }

  /// All of one command.
  static func page(of command: Command) -> String {
    let operands = command.operands.map { operand in
      operand.hasSuffix("?") ? "[\(operand.dropLast())]" : operand
    }
    let required = command.options.filter(\.isRequired).map(name)
    let usage = (["usage: meterbridge", command.name] + operands + required + ["[OPTION…]"])
      .joined(separator: " ")
    let options = Table.text(command.listed.map { [name(of: $0), $0.help] }, indent: 2)
    let details = command.details.isEmpty ? "" : "\n\n\(command.details)"
    return "\(command.summary).\n\n\(usage)\(details)\n\noptions:\n\(options)"
  }

  private static func rows(_ commands: [Command]) -> String {
    Table.text(commands.map { ["  " + $0.name, $0.summary] })
  }

  private static func name(of option: Option) -> String {
    let letter = option.letter.map { "-\($0), " } ?? ""
    return letter + "--" + option.name + (option.value.map { " \($0)" } ?? "")
  }
}
