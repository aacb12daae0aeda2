import Setup
import Values

/// Which commands change what others rely on, and are recorded in the audit log.
enum Audit {
  private static let audited: Set<String> = [
    "connection add", "connection set", "connection rm", "connection rotate-key", "step place",
    "step allow", "step forbid", "flow new", "flow import", "flow rm", "flow connect",
    "flow policy set", "flow policy import", "flow policy rm", "flow policy reset", "stop-effects",
    "start-effects", "flow enable", "flow disable", "flow disconnect", "link set", "link rm",
    "link import",
    "webhook install", "webhook uninstall", "setting set", "store restore", "run settle",
    "operator add", "operator set", "operator rm", "operator token", "operator revoke",
  ]

  /// Runs a command, and records it with the outcome, unless it was used wrongly.
  static func run(_ command: Command, _ context: Context) throws(Problem) {
    guard audited.contains(command.name) else { return try command.run(context) }
    do throws(Problem) {
      try command.run(context)
    } catch {
      if error.kind != .usage, context.hasHome {
        // The failure of the command matters more than that of the record.
        try? append(command, context, "refused: \(error.kind)")
      }
      throw error
    }
    try append(command, context, "done")
  }

  private static func append(
    _ command: Command, _ context: Context, _ outcome: String
  ) throws(Problem) {
    let arguments = context.arguments
    var subject = arguments.operands
    // The answer of a person, and what an import reads, are not names.
    if ["link import", "flow import", "store restore"].contains(command.name) { subject = [] }
    if command.name == "setting set" { subject = Array(subject.prefix(1)) }
    if let name = arguments.value("name") ?? arguments.value("connection") { subject.append(name) }
    let names = (arguments.all("set") + arguments.all("secret")).map { pair in
      String(pair.prefix { $0 != "=" })
    }
    let flags = ["trust-base-url", "overlap", "trust", "force"].filter(arguments.has)
    try AuditLog(home: try context.home()).append(
      command.name, on: subject, what: names + arguments.all("unset") + flags.map { "--\($0)" },
      by: Context.person, outcome: outcome, at: WallClock.system.now())
  }
}
