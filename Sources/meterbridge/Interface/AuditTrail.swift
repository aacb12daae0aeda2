import Setup
import Store
import Synchronization
import Values

/// The entries of one command in the audit log.
final class AuditTrail: Sendable {
  private let deed: String
  private let subject: [String]
  private let what: [String]
  private let begun = Mutex<(log: AuditLog, number: Int)?>(nil)

  /// The entries of a command, which name what it changes.
  init(of command: String, with arguments: Arguments) {
    deed = command
    var subject = arguments.operands
    // The answer of a person, and what an import reads, are not names.
    if ["link import", "flow import", "store restore"].contains(command) { subject = [] }
    if command == "setting set" { subject = Array(subject.prefix(1)) }
    for option in ["name", "connection", "flow-connection"] {
      if let name = arguments.value(option) {
        subject.append(name)
        break
      }
    }
    self.subject = subject
    let names = (arguments.all("set") + arguments.all("secret")).map { pair in
      String(pair.prefix { $0 != "=" })
    }
    let flags = ["trust-base-url", "overlap", "trust", "force", "all"].filter(arguments.has)
    what = names + arguments.all("unset") + flags.map { "--\($0)" }
  }

  /// Notes that the command begins, the first time that it opens a home.
  func begin(in store: any KeyValueStore) throws(Problem) {
    try begun.withLock { begun throws(Problem) in
      guard begun == nil else { return }
      let log = AuditLog(store: store)
      begun = (log, try append("begun", to: log))
    }
  }

  /// Notes the end of a command that has opened a home.
  func end(_ outcome: String) throws(Problem) {
    guard let begun = begun.withLock({ $0 }) else { return }
    _ = try append(outcome, to: begun.log, ends: begun.number)
  }

  private func append(
    _ outcome: String, to log: AuditLog, ends begun: Int? = nil
  ) throws(Problem) -> Int {
    try log.append(
      deed, on: subject, what: what, by: Context.person, outcome: outcome, ends: begun,
      at: WallClock.system.now())
  }
}
