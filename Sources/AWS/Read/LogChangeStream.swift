import Store

/// A change stream that reads the logs of all writers.
///
/// Changes are in an order in which each commit comes after those that it saw. The log holds a value only
/// if the same commit changed it again; all others are in the record, or in the log of the next commit that
/// wrote it.
struct LogChangeStream: ChangeStream {
  private let records: RecordTable
  private let cuts: CutReader
  private var position: Cut

  init(_ records: RecordTable, _ cuts: CutReader) throws(AWSError) {
    (self.records, self.cuts) = (records, cuts)
    position = try cuts.take()
  }

  mutating func next() throws(StoreError) -> [Change] {
    let cut: Cut
    let entries: [LogEntry]
    do throws(AWSError) {
      cut = try cuts.take()
      entries = try newEntries(through: cut)
    } catch {
      throw StoreError(error)
    }
    guard entries.count == count(through: cut) else { throw .changesLost }
    let changes = try changes(of: entries.filter { !$0.isVoid && !$0.isQuiet })
    position = cut
    return changes
  }

  // MARK: Private

  private func newEntries(through cut: Cut) throws(AWSError) -> [LogEntry] {
    var entries: [LogEntry] = []
    for (writer, head) in cut.heads {
      entries += try records.logs(writer, after: position.heads[writer] ?? 0, through: head)
    }
    return entries.sorted { $0.stamp < $1.stamp }
  }

  /// The number of commits since the position: a writer numbers its own without a gap.
  private func count(through cut: Cut) -> Int {
    cut.heads.reduce(0) { $0 + max(0, $1.value - (position.heads[$1.key] ?? 0)) }
  }

  private func changes(of entries: [LogEntry]) throws(StoreError) -> [Change] {
    guard !entries.isEmpty else { return [] }
    let history = History(records)
    do throws(AWSError) {
      let found = try records.records(Set(entries.flatMap { $0.changes.map(\.key) }))
      var changes: [Change] = []
      for entry in entries {
        for change in entry.changes {
          if change.isRemoval {
            changes.append(.remove(change.key.text))
          } else if let value = change.value {
            changes.append(.put(change.key.text, value))
          } else {
            let record = found[change.key] ?? StoredRecord(change.key, nil)
            let version = try history.version(of: record) { $0 == entry.stamp }
            guard let value = try records.value(of: version) else {
              throw .rejected("the change of \(change.key.text) is no longer kept")
            }
            changes.append(.put(change.key.text, value))
          }
        }
      }
      return changes
    } catch {
      // Values are removed after the entries that name them, so one that is missing is lost
      if case .rejected = error { throw .changesLost }
      throw StoreError(error)
    }
  }
}
