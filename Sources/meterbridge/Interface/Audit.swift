import Setup
import Store
import Values

/// Which commands change what others rely on, and are recorded in the audit log: before the change, and
/// with the outcome after it.
enum Audit {
  private static let audited: Set<String> = [
    "connection add", "connection set", "connection rm", "connection pause",
    "connection resume", "connection rotate-key", "step place",
    "step allow", "step forbid", "flow new", "flow import", "flow rm", "flow connect",
    "flow policy set", "flow policy import", "flow policy rm", "flow policy reset", "stop-effects",
    "start-effects", "flow enable", "flow disable", "flow disconnect", "link set", "link rm",
    "link import", "event rm", "event run", "run retry", "run cancel", "invoice void",
    "attention acknowledge",
    "attention assign", "reconciliation explain", "reconciliation reopen",
    "reconciliation sign-off",
    "reconciliation rm",
    "webhook install", "webhook uninstall", "setting set", "store restore", "run settle",
    "operator add", "operator set", "operator rm", "operator token", "operator revoke",
  ]

  /// Runs a command; one that changes something notes so when it opens the home, before all else, and
  /// its outcome at its end.
  static func run(_ command: Command, _ arguments: Arguments) throws(Problem) {
    guard audited.contains(command.name) else { return try command.run(Context(arguments)) }
    let trail = AuditTrail(of: command.name, with: arguments)
    let context = Context(arguments, trail: trail)
    do throws(Problem) {
      try command.run(context)
    } catch {
      // The failure of the command matters more than that of the record.
      try? trail.end("refused: \(error.kind)")
      throw error
    }
    try trail.end("done")
  }
}
