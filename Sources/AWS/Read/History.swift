import Store
import Synchronization

/// Finds earlier versions of records in the logs, each entry of which it reads once.
final class History: Sendable {
  private let records: RecordTable
  private let entries = Mutex<[Stamp: LogEntry]>([:])

  init(_ records: RecordTable) { self.records = records }

  /// The last version of a record that was written by one of some commits; nil if there is none.
  /// - Throws: `rejected` if the logs no longer go back so far.
  func version(
    of record: StoredRecord, by isMeant: (Stamp) -> Bool
  ) throws(AWSError) -> ContentVersion? {
    if let staged = record.staged, !staged.isCheck, isMeant(staged.version.stamp),
      let entry = try entry(staged.version.stamp), !entry.isVoid
    {
      return staged.version
    }
    var version = record.version
    while let found = version, !isMeant(found.stamp) {
      guard let entry = try entry(found.stamp) else {
        throw .rejected(
          "the log of the commit \(found.stamp) is no longer kept: a scan must end within the time"
            + " that the store keeps its history")
      }
      version = try entry.formerVersion(of: record.key)
    }
    return version
  }

  private func entry(_ stamp: Stamp) throws(AWSError) -> LogEntry? {
    if let entry = entries.withLock({ $0[stamp] }) { return entry }
    guard let entry = try records.log(stamp) else { return nil }
    entries.withLock { entries in
      if entries.count >= 1000 { entries = [:] }
      entries[stamp] = entry
    }
    return entry
  }
}
