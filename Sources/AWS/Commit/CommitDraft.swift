import Store

/// A commit that is about to be sent: its stamp, its log entry, and what it leaves in the records.
struct CommitDraft {
  let entry: LogEntry
  let contents: [Key: Content]
  /// The text of the entry, and its place if it is too long for an item.
  let body: String
  let bodyPlace: ChunkReference?

  var stamp: Stamp { entry.stamp }

  /// The writes beside those of the records: the entry of the log on condition that there is none, the head
  /// of the writer, and the version if a watched record changes.
  func common(_ records: RecordTable, watched: [[UInt8]]) -> [ItemWrite] {
    let layout = records.layout
    var writes: [ItemWrite] = [
      .put(records.item(entry, body: body, at: bodyPlace), if: .absent),
      .update(
        layout.head(stamp.writer),
        Expression(
          "SET q = :q, k = :k, t = :t",
          [
            ":q": .number(stamp.sequence), ":k": .number(stamp.clock), ":t": .number(entry.time),
          ]), if: Expression("q < :q")),
    ]
    if entry.changes.contains(where: { $0.key.begins(withAnyOf: watched) }) {
      writes.append(.update(layout.version, Expression("ADD q :one", [":one": .number(1)])))
    }
    return writes
  }
}
