import Setup
import Values

extension Command {
  static let audit = Command(
    name: "audit list", summary: "Show who changed connections, keys, places, flows and settings",
    options: [.limit("Only the latest N; default: 50")],
    details: """
      Each change has an entry before it is made, with the time, the user, the command, its subject, and the
      names of changed settings and secrets. A command adds one with its outcome, which is shown with the
      first; `begun` without another was not carried to its end, or was done on the console. Entries are
      never changed or removed; each has the digest of the one before. Exits with 65 if an entry was changed
      or is missing.
      """, printsLines: true
  ) { (context) throws(Problem) in
    let entries = try AuditLog(home: context.home()).entries()
    let limit = try context.arguments.count("limit") ?? 50
    context.list(
      shown(entries, asTable: !context.wantsJSON).suffix(limit),
      head: ["TIMESTAMP", "BY", "DID", "ON", "WHAT", "OUTCOME"],
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

  /// The documents of entries; in a table, an entry with an outcome is shown with the one that it ends.
  private static func shown(_ entries: [AuditLog.Entry], asTable: Bool) -> [JSON] {
    guard asTable else { return entries.map(\.json) }
    let ends = Dictionary(
      entries.compactMap { entry in entry.json["ends"].int.map { ($0, entry.json["outcome"]) } }
    ) { $1 }
    return entries.filter { $0.json["ends"].isNull }.map { entry in
      entry.json.with("outcome", ends[entry.number] ?? entry.json["outcome"])
    }
  }
}
