/// The texts of `--help`.
enum Help {
  /// The help of `meterbridge` itself.
  static func overview(_ commands: [Command]) -> String {
    """
    Meterbridge keeps Togai and Chargebee in sync.

    usage: meterbridge COMMAND [OPTION…]

    \(list(commands))

    See `meterbridge COMMAND --help` for the details of a command. Exit statuses follow sysexits(3).
    """
  }

  /// A line for each command.
  static func list(_ commands: [Command]) -> String {
    Table.text(commands.map { [$0.name, $0.summary] }, indent: 2)
  }

  /// The help of one command.
  static func page(of command: Command) -> String {
    let usage = (["usage: meterbridge", command.name] + command.synopsis + ["[OPTION…]"])
      .joined(separator: " ")
    let options = Table.text(
      command.listed.map { option in
        [(option.letter.map { "-\($0), " } ?? "") + option.usage, option.explanation]
      }, indent: 2)
    let details = command.details.isEmpty ? "" : "\n\n\(command.details)"
    return "\(command.summary).\n\n\(usage)\(details)\n\noptions:\n\(options)"
  }
}
