import Store

extension Committer {
  /// The size in bytes from which a value has items of its own.
  private static let longValue = 128 << 10
  /// The same if the values together are more than a transaction takes.
  private static let longAmongMany = 16 << 10

  /// Makes the stamp, the contents and the log entry of a plan, and writes its long texts.
  ///
  /// Requests: none for short values.
  func draft(
    _ plan: CommitPlan, isQuiet: Bool = false, isLong: Bool = false
  ) throws(AWSError) -> CommitDraft {
    let own = try writer.registered(time: Self.now)
    let stamp = Stamp(
      clock: known.clock + 1, writer: own.writer, sequence: own.sequence + 1)
    var entry = LogEntry(stamp)
    entry.changes = plan.logged
    for key in plan.written.keys { entry.former.updateValue(plan.base[key]?.version, forKey: key) }
    entry.seen = known.seen(otherThan: own.writer)
    (entry.isLong, entry.isQuiet, entry.time) = (isLong, isQuiet, Self.now)
    let body = entry.body

    let bytes = plan.written.values.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
    let limit = isLong || bytes > 2 << 20 ? Self.longAmongMany : Self.longValue
    var contents: [Key: Content] = [:]
    var long: [(key: Key?, text: String)] = []
    for (key, value) in plan.written {
      if let value, value.utf8.count > limit {
        long.append((key, value))
      } else {
        contents[key] = value.map(Content.text) ?? .removed
      }
    }
    if body.utf8.count > DynamoDBTable.itemBytes { long.append((nil, body)) }
    let places = try records.write(long.map(\.text), of: stamp)
    var bodyPlace: ChunkReference?
    for (text, place) in zip(long, places) {
      if let key = text.key { contents[key] = .chunks(place) } else { bodyPlace = place }
    }
    return CommitDraft(entry: entry, contents: contents, body: body, bodyPlace: bodyPlace)
  }
}
