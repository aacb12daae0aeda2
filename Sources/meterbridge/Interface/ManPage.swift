import Setup

/// The manual page, in the macros of man(7).
enum ManPage {
  /// The page for these commands.
  static func text(_ commands: [Command]) -> String {
    ([head] + commands.map(section) + [foot]).joined(separator: "\n")
  }

  private static let head = """
    .TH METERBRIDGE 1 "" "meterbridge \(Version.text)" "User Commands"
    .SH NAME
    meterbridge \\- keep Togai and Chargebee in sync
    .SH SYNOPSIS
    .B meterbridge
    .I COMMAND
    .RI [ OPERAND \\|.\\|.\\|.]
    .RI [ OPTION \\|.\\|.\\|.]
    .SH DESCRIPTION
    Meterbridge receives the webhooks of one app and sends requests to another. For each event it runs the
    flows that listen for it, calls their steps, and performs each effect that a step asks for once.
    .PP
    Data is written to standard output, messages to standard error.
    .SH COMMON OPTIONS
    Every command accepts these options. Commands that do not use a home ignore
    .B \\-\\-home
    and
    .BR \\-\\-engine .
    \([Option.home, .engine, .json(lines: false), .help].map(entry).joined(separator: "\n"))
    .SH COMMANDS
    """

  private static func section(of command: Command) -> String {
    let synopsis = command.synopsis.map { word in
      if word.hasPrefix("[") { return ".RI [ \(escaped(String(word.dropFirst().dropLast()))) ]" }
      guard word.hasPrefix("--") else { return ".I \(escaped(word))" }
      let parts = word.split(separator: " ", maxSplits: 1).map { escaped(String($0)) }
      return parts.count > 1 ? ".BI \"\(parts[0]) \" \(parts[1])" : ".B \(parts[0])"
    }
    let parts =
      [
        ".SS \(escaped(command.name))", "\(escaped(command.summary)).", ".PP",
        ".B \(escaped("meterbridge \(command.name)"))",
      ]
      + synopsis + [".RI [ OPTION \\|.\\|.\\|.]"]
      + (command.details.isEmpty ? [] : [".PP", paragraphs(command.details)])
      + (command.printsLines
        ? [".PP", "With \\-\\-json, prints JSON Lines: one JSON object per line."] : [])
      + command.options.map(entry)
    return parts.joined(separator: "\n")
  }

  private static func entry(of option: Option) -> String {
    let name = (option.letter.map { "\\-\($0), " } ?? "") + "\\-\\-\(escaped(option.name))"
    let tag = option.value.map { ".BI \"\(name) \" \(escaped($0))" } ?? ".B \"\(name)\""
    return ".TP\n\(tag)\n\(escaped(option.explanation))."
  }

  private static func paragraphs(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? ".PP" : escaped(String($0)) }.joined(separator: "\n")
  }

  /// The text with everything escaped that roff would interpret.
  private static func escaped(_ text: String) -> String {
    let text = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
      .replacing("…", with: "\\|.\\|.\\|.")
    return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
  }

  private static let foot = """
    .SH ENVIRONMENT
    .TP
    .B METERBRIDGE_HOME
    The directory of the store and the secrets, unless \\-\\-home names one. Default:
    .I $XDG_STATE_HOME/meterbridge
    or
    .IR ~/.local/state/meterbridge .
    .TP
    .B METERBRIDGE_ENGINE
    Where the store and the secrets are, unless \\-\\-engine says so:
    .I file
    (default) or
    .IR aws:TABLE .
    .TP
    .B AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_ENDPOINT_URL
    The account of the table, as for AWS's own tools.
    .TP
    .B METERBRIDGE_KEY_FILE
    The file of the key that seals the secrets. Default: a key that is created in the home.
    .TP
    .B METERBRIDGE_FUNCTIONS
    The folder of the apps and flows. Default: the folder
    .I functions
    beside or above the executable.
    .TP
    .B SSL_CERT_FILE
    A PEM file of certificate authorities to trust in place of those of the system.
    .TP
    .B NO_COLOR
    Turns off colors if set.
    .SH EXIT STATUS
    0 on success, or a status of
    .BR sysexits (3):
    64 wrong usage, 65 invalid data, 66 not found, 69 not available, 70 internal error, 73 cannot
    create, 74 input or output error, 75 temporary failure, 77 refused, 78 wrong configuration.
    .BR attention ,
    .BR doctor ,
    .BR reconcile ,
    .B flow diff
    and
    .B \\-\\-exit\\-code
    exit with 1 if they find something,
    .B plan \\-\\-exit\\-code
    with 2 if the flow would not complete.
    """
}
