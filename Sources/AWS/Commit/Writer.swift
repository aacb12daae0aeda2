import Synchronization

/// The number under which this process writes its log, from its first commit on.
final class Writer: Sendable {
  private let records: RecordTable
  private let own = Mutex<CutReader.Own?>(nil)

  init(_ records: RecordTable) { self.records = records }

  /// The number, and the last commit that was acknowledged or given up; nil before the first.
  var acknowledged: CutReader.Own? { own.withLock { $0 } }

  /// Returns the number and the last commit, and takes a number if there is none.
  ///
  /// Requests: two the first time, then none.
  func registered(time: Int) throws(AWSError) -> CutReader.Own {
    if let own = acknowledged { return own }
    let (table, layout) = (records.table, records.layout)
    while true {
      guard let number = try table.get(layout.meta)?.number("nw") else {
        throw .rejected("the table \(table.name) has no store \(layout.space)")
      }
      do throws(AWSError) {
        // A number that was taken by a request whose answer was lost is never used
        try table.transact([
          .update(
            layout.meta,
            Expression(
              "SET nw = :m ADD writers :w",
              [":m": .number(number + 1), ":w": .numbers([number])]),
            if: Expression("nw = :n", [":n": .number(number)])),
          .put(
            Item(layout.head(number), ["q": .number(0), "k": .number(0), "t": .number(time)])),
        ])
      } catch {
        guard error == .conditionFailed else { throw error }
        continue
      }
      own.withLock { $0 = (number, 0) }
      return (number, 0)
    }
  }

  /// Notes that a commit happened, or that it cannot happen any more.
  func concluded(_ stamp: Stamp) { own.withLock { $0 = (stamp.writer, stamp.sequence) } }

  /// Forgets the number, since a compaction has removed its head.
  func forget() { own.withLock { $0 = nil } }
}
