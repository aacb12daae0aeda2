import Store
import Values

/// Removes what a compaction leaves over: old log entries, what only they still refer to, and the items of
/// removed records.
struct LogCleaner {
  let records: RecordTable
  /// The writer of this process, which stays.
  let own: Int?
  /// The seconds that entries are kept at least; nil if all up to now may go.
  let history: Int?

  /// Removes the entries of the commits before the last compaction, or all before this one if no history is
  /// kept, and notes this compaction.
  func clean(through cut: Cut, now: Int) throws(AWSError) {
    let layout = records.layout
    guard let meta = try records.table.get(layout.meta) else { return }
    let end = history == nil ? cut.heads : Self.heads(meta.text("compacted") ?? "")
    for (writer, last) in end.sorted(by: { $0.key < $1.key }) {
      try clean(writer, through: last, before: now - (history ?? 0))
    }
    for writer in meta.numbers("writers") where writer != own {
      try forget(writer, before: now - 86_400)
    }
    let text = JSON.object(
      Dictionary(
        uniqueKeysWithValues: cut.heads.map { ("\($0.key)", JSON.number(Numeral($0.value))) })
    ).text
    try records.table.transact([
      .update(layout.meta, Expression("SET compacted = :c", [":c": .text(text)]))
    ])
  }

  private static func heads(_ text: String) -> [Int: Int] {
    var heads: [Int: Int] = [:]
    for member in ((try? JSON(parsing: text)) ?? .null).allMembers {
      if let writer = Int(member.name), let head = member.value.int { heads[writer] = head }
    }
    return heads
  }

  // MARK: One writer

  private func clean(_ writer: Int, through last: Int, before time: Int) throws(AWSError) {
    while true {
      // A page of a few entries at a time; they are removed, so the next page is the first again
      let page = try records.logPage(writer, through: last)
      let old = page.filter { $0.time <= time }
      for entry in old { try cleanUp(entry) }
      try records.removeLogs(old.map(\.stamp))
      guard old.count == page.count, !page.isEmpty else { return }
    }
  }

  /// Removes what only an entry refers to.
  private func cleanUp(_ entry: LogEntry) throws(AWSError) {
    if entry.isVoid {
      try records.removeAllChunks(of: entry.stamp)
      return
    }
    if entry.isLong { try complete(entry) }
    for version in entry.former.values {
      if let reference = version?.content.chunks { try records.removeChunks(reference) }
    }
    let removed = Set(entry.changes.filter(\.isRemoval).map(\.key))
    guard !removed.isEmpty else { return }
    for (key, record) in try records.records(removed)
    where record.version == ContentVersion(stamp: entry.stamp, content: .removed) {
      do throws(AWSError) {
        try records.table.transact([
          .delete(records.layout.record(key), if: record.unchanged)
        ])
      } catch {
        guard error == .conditionFailed else { throw error }
      }
    }
  }

  /// Makes records of the marks that a long commit left.
  private func complete(_ entry: LogEntry) throws(AWSError) {
    for (key, record) in try records.records(entry.former.keys)
    where record.staged?.version.stamp == entry.stamp {
      guard let write = record.settled(happened: true, at: records.layout.record(key)) else {
        continue
      }
      do throws(AWSError) {
        try records.table.transact([write])
      } catch {
        guard error == .conditionFailed else { throw error }
      }
    }
  }

  /// Removes the head of a writer that has long written nothing and has no entries left.
  private func forget(_ writer: Int, before time: Int) throws(AWSError) {
    let layout = records.layout
    guard let head = try records.table.get(layout.head(writer)), let last = head.number("q"),
      head.number("t") ?? time < time, try records.logPage(writer, through: .max).isEmpty
    else { return }
    do throws(AWSError) {
      try records.table.transact([
        .delete(layout.head(writer), if: Expression("q = :q", [":q": .number(last)])),
        .update(layout.meta, Expression("DELETE writers :w", [":w": .numbers([writer])])),
      ])
    } catch {
      guard error == .conditionFailed else { throw error }
    }
  }
}

extension RecordTable {
  /// The first entries of a writer's log up to a number.
  fileprivate func logPage(_ writer: Int, through last: Int) throws(AWSError) -> [LogEntry] {
    guard last > 0 else { return [] }
    let range = SortRange.bounds(from: nil, to: layout.log(writer, last).sort)
    return try entries(try table.query(layout.log(writer), range, limit: 50).items, writer)
  }

  fileprivate func removeLogs(_ stamps: [Stamp]) throws(AWSError) {
    var places = stamps.map { layout.log($0.writer, $0.sequence) }
    // Their own texts are named by their items
    for (place, item) in try table.get(places) {
      guard let reference = item.text("c").flatMap(ChunkReference.init) else { continue }
      places.removeAll { $0 == place }
      // The entry first: one without its text could not be read
      try table.write(delete: [place])
      try removeChunks(reference)
    }
    try table.write(delete: places)
  }

  fileprivate func removeAllChunks(of stamp: Stamp) throws(AWSError) {
    let items = try table.all(layout.chunks(stamp.writer, stamp.sequence))
    try table.write(delete: items.map(\.key))
  }
}
