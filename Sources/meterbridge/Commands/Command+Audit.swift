import Setup
import Values

extension Command {
  static let audit = Command(
    name: "audit list", summary: "Show who changed connections, keys, places, flows and settings",
    options: [.limit("Only the latest N; default: 50")],
    details: """
      Each change by a command has an entry with the time, the user, the command, its subject, and the names
      of changed settings and secrets. Entries are never changed or removed; each has the digest of the one
      before. Exits with 65 if an entry was changed or is missing.
      """, printsLines: true
  ) { (context) throws(Problem) in
    let entries = try AuditLog(home: context.home()).entries()
    let limit = try context.arguments.count("limit") ?? 50
    context.list(
      entries.suffix(limit).map(\.json), head: ["TIMESTAMP", "BY", "DID", "ON", "WHAT", "OUTCOME"],
      empty: "no changes"
    ) { entry in
      let (on, what) = (entry["on"].items, entry["what"].items)
      return entry.cells("at", "by", "did")
        + [on, what].map { $0.compactMap(\.string).joined(separator: ", ") }
        + entry.cells("outcome")
    }
    let broken = entries.filter { !$0.isChained }
    guard broken.isEmpty else {
      throw Problem(
        .data,
        "entry \(broken[0].number) does not follow the one before: the log was changed, or entries are"
          + " missing")
    }
  }
}
