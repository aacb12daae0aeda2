import Store

/// Commits of more records than a transaction of DynamoDB takes.
///
/// 1. Each record is marked with the stamp of the commit and what it will be (`x`), on condition that it is
///    as believed and not marked. This takes several transactions.
/// 2. The log entry is written. With it the commit has happened: a mark whose commit is in the log counts
///    as the record.
/// 3. The marks become the records.
///
/// Whoever finds a mark looks for the log entry. If there is none, readers take the record as it was; a
/// writer waits some seconds, then puts an entry in its place that makes the commit impossible, and removes
/// the mark. So a commit whose process died, at whatever request, happened or did not, for everyone.
extension Committer {
  /// Sends a plan, and returns whether it happened; if not, its records are no longer as believed.
  ///
  /// Requests: about four for each 97 records, beside one for each 100 that are not known.
  func commitLong(_ plan: CommitPlan, _ fresh: Set<Key>) throws(AWSError) -> Bool {
    // Guesses would be wrong for some of so many
    guard plan.keys.isSubset(of: fresh) else { return false }
    let draft = try draft(plan, isLong: true)
    var marked: [StoredRecord] = []
    var writes: [ItemWrite] = []
    for key in plan.keys {
      guard let record = plan.base[key] else { return false }
      let content = draft.contents[key]
      let staged = StoredRecord.Staged(
        version: ContentVersion(stamp: draft.stamp, content: content ?? .removed),
        isCheck: content == nil)
      writes.append(record.staged(staged, at: records.layout.record(key)))
      marked.append(StoredRecord(key, record.version, staged: staged))
    }
    do throws(AWSError) {
      guard try mark(writes), try send(draft, []) else {
        try abandon(draft.stamp, marked)
        return false
      }
    } catch {
      if closedBecause == nil { try? abandon(draft.stamp, marked) }
      throw error
    }
    remember(draft)
    // If this fails, it happened all the same, and others complete it
    try? settle(marked, happened: true)
    return true
  }

  private func mark(_ writes: [ItemWrite]) throws(AWSError) -> Bool {
    do throws(AWSError) {
      for start in stride(from: 0, to: writes.count, by: CommitPlan.recordLimit) {
        let end = min(start + CommitPlan.recordLimit, writes.count)
        try records.table.transact(Array(writes[start..<end]))
      }
      return true
    } catch {
      // A lost answer makes the second try of a part fail, for the marks are there
      guard error == .conditionFailed else { throw error }
      return false
    }
  }

  /// Makes a commit impossible, and removes its marks.
  ///
  /// If this fails the store is closed: the next commit would take the same number, and the marks.
  private func abandon(_ stamp: Stamp, _ marked: [StoredRecord]) throws(AWSError) {
    do throws(AWSError) {
      try records.table.transact([records.void(stamp, time: Self.now)])
    } catch {
      guard error == .conditionFailed else {
        close("a long commit could not be given up: \(error)")
        throw error
      }
    }
    writer.concluded(stamp)
    try settle(marked, happened: false)
  }
}
