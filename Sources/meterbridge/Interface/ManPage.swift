/// The manual page, made from the table of commands, in the macros of man(7).
enum ManPage {
  /// All of it.
  static var text: String {
    ([head] + Command.shown.map(section) + [foot]).joined(separator: "\n")
  }

  private static let head = """
    .TH METERBRIDGE 1 "" "meterbridge \(Version.text)" "User Commands"
    .SH NAME
    meterbridge \\- keeps Togai and Chargebee in step
    .SH SYNOPSIS
    .B meterbridge
    .I COMMAND
    .RI [ OPERAND \\|.\\|.\\|.]
    .RI [ OPTION \\|.\\|.\\|.]
    .SH DESCRIPTION
    Webhooks of one app become requests to another: an event is taken, the steps of the flows that listen
    to it are called, and what they ask for is done, each thing once.
    .PP
    Standard output is data, standard error is for people.
    .SH COMMON OPTIONS
    Every command takes these; those that work on no home make no use of the first.
    \(Option.common.map(entry).joined(separator: "\n"))
    .SH COMMANDS
    """

  private static func section(of command: Command) -> String {
    let operands = command.operands.map { operand in
      operand.hasSuffix("?")
        ? ".RI [ \(escaped(String(operand.dropLast()))) ]" : ".I \(escaped(operand))"
    }
    let usage = ["meterbridge", command.name].joined(separator: " ")
    let parts =
      [
        ".SS \(escaped(command.name))", "\(escaped(command.summary)).", ".PP",
        ".B \(escaped(usage))",
      ]
      + operands + [".RI [ OPTION \\|.\\|.\\|.]"]
      + (command.details.isEmpty ? [] : [".PP", paragraphs(command.details)])
      + command.options.map(entry)
    return parts.joined(separator: "\n")
  }

  private static func entry(of option: Option) -> String {
    let letter = option.letter.map { "\\-\($0), " } ?? ""
    let name = "\\-\\-\(escaped(option.name))"
    let tag =
      option.value.map { ".BI \"\(letter)\(name) \" \(escaped($0))" } ?? ".B \"\(letter)\(name)\""
    return ".TP\n\(tag)\n\(escaped(option.help)).\(option.isRepeatable ? " May be repeated." : "")"
  }

  private static func paragraphs(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? ".PP" : escaped(String($0)) }.joined(separator: "\n")
  }

  /// A text that roff takes as it stands.
  private static func escaped(_ text: String) -> String {
    let text = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
      .replacing("…", with: "\\|.\\|.\\|.")
    return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
  }

  private static let foot = """
    .SH ENVIRONMENT
    .TP
    .B METERBRIDGE_HOME
    Where the store and the secrets are, unless \\-\\-home says so; else
    .I $XDG_STATE_HOME/meterbridge
    or
    .IR ~/.local/state/meterbridge .
    .TP
    .B METERBRIDGE_KEY_FILE
    The file of the key that seals the secrets; else one that is made once, in the home.
    .TP
    .B METERBRIDGE_FUNCTIONS
    The folder of the apps and flows; else the
    .I functions
    beside or above the executable.
    .TP
    .B SSL_CERT_FILE
    A PEM file of the certificate authorities to trust, in place of the system's.
    .TP
    .B NO_COLOR
    If it is set, nothing is coloured.
    .SH EXIT STATUS
    0, or a status of
    .BR sysexits (3):
    64 for wrong usage, 65 for wrong data, 66 for what is not there, 69 for what does not answer, 70 for
    a mistake of meterbridge's own, 73 and 74 for what cannot be written or read, 75 for what is worth
    another try later, 77 for what was refused, 78 for what is set up wrongly.
    .BR doctor ,
    .B flow diff
    and
    .B \\-\\-exit\\-code
    end with 1 where something was found,
    .B plan \\-\\-exit\\-code
    with 2 where the flow would not come to its end.
    """
}
