import Glibc
import Store
import Synchronization

/// Commits transactions, one request after another.
///
/// A transaction of DynamoDB has what changes in the records, each on condition that it is as it was when
/// the conditions were tested, and the entry of the log. The records are guessed first, from what was read
/// before; a record that is not known is taken for new.
///
/// | answer of DynamoDB | what is done |
/// |---|---|
/// | done | the commit happened |
/// | a condition failed, and the log has the entry | an answer was lost: the commit happened |
/// | a condition failed, and the log has no entry | another commit was first: the records are read, and the conditions tested anew |
/// | refused for the moment, for half a minute | an error; nothing was changed |
/// | none, for half a minute | an entry that says so is put into the log, after which the commit cannot happen; if that has no answer either, the store is closed |
///
/// Requests: one if the guesses are right; three if a record was not as guessed. Long values, and more
/// than 97 records, take more, see ``commitLong(_:)``.
final class Committer: CommitPerformer {
  let records: RecordTable
  let known: KnownRecords
  let writer: Writer
  private let watched: [[UInt8]]
  private let failure = Mutex<String?>(nil)
  private let turn = Mutex(())

  /// The most tries of a commit while others keep changing its records.
  private static let tries = 60

  init(_ records: RecordTable, _ known: KnownRecords, watched: [[UInt8]]) {
    (self.records, self.known, self.watched) = (records, known, watched)
    writer = Writer(records)
  }

  /// Why it commits no more, or nil.
  var closedBecause: String? { failure.withLock { $0 } }

  func inTurn(_ body: () -> Void) { turn.withLock { _ in body() } }

  func hasPerformed() {}

  /// Performs commits in their order, and resolves all of them.
  ///
  /// Only one thread may be in it.
  func perform(_ commits: [PendingCommit]) {
    var left = commits[...]
    while !left.isEmpty {
      do throws(StoreError) {
        let outcomes = try performFirst(left)
        for (commit, outcome) in zip(left, outcomes) { commit.resolve(.success(outcome)) }
        left = left.dropFirst(outcomes.count)
      } catch {
        // The first one is at fault; or AWS does not answer, and all need not wait for it in turn
        guard error.isTemporary else {
          left.popFirst()?.resolve(.failure(error))
          continue
        }
        for commit in left { commit.resolve(.failure(error)) }
        left = []
      }
    }
  }

  // MARK: One request

  /// Commits as many transactions as one request takes, and returns whether the conditions of each held.
  private func performFirst(_ commits: ArraySlice<PendingCommit>) throws(StoreError) -> [Bool] {
    try checkOpen()
    do throws(AWSError) {
      var (base, fresh): ([Key: StoredRecord], Set<Key>) = ([:], [])
      for round in 0..<Self.tries {
        if round > 3 { RetryPolicy().wait(after: min(round - 3, 6)) }
        var plan = CommitPlan(base, fresh: fresh) { [known] in known.record($0) }
        for commit in commits {
          let isAdded = try plan.add(commit.transaction) { version throws(AWSError) in
            try records.value(of: version)
          }
          guard isAdded, !plan.isLong else { break }
        }
        var stale = plan.missing
        if stale.isEmpty {
          if plan.isLong {
            if try commitLong(plan, fresh) { return plan.outcomes }
          } else if try commit(plan) {
            return plan.outcomes
          }
          stale = plan.keys
        }
        for (key, record) in try read(stale) { base[key] = record }
        fresh.formUnion(stale)
      }
      throw .conflict("other commits keep changing the same records")
    } catch {
      throw closedError ?? StoreError(error)
    }
  }

  /// Sends a plan, and returns whether it happened; if not, its records are no longer as believed.
  func commit(_ plan: CommitPlan, isQuiet: Bool = false) throws(AWSError) -> Bool {
    let checks = plan.checked.filter { plan.written[$0] == nil }.compactMap { key in
      plan.base[key].map { ItemWrite.check(records.layout.record(key), $0.unchanged) }
    }
    guard !plan.written.isEmpty else { return try test(checks) }
    let draft = try draft(plan, isQuiet: isQuiet)
    let writes = plan.written.keys.compactMap { key -> ItemWrite? in
      guard let content = draft.contents[key] else { return nil }
      return plan.base[key]?.replaced(
        by: ContentVersion(stamp: draft.stamp, content: content), at: records.layout.record(key))
    }
    guard try send(draft, writes + checks) else { return false }
    remember(draft)
    return true
  }

  private func test(_ checks: [ItemWrite]) throws(AWSError) -> Bool {
    do throws(AWSError) {
      try records.table.transact(checks)
      return true
    } catch {
      guard error == .conditionFailed else { throw error }
      return false
    }
  }

  /// Sends the writes of a commit with its log entry, and returns whether it happened.
  func send(_ draft: CommitDraft, _ writes: [ItemWrite]) throws(AWSError) -> Bool {
    do throws(AWSError) {
      try records.table.transact(writes + draft.common(records, watched: watched))
      writer.concluded(draft.stamp)
      return true
    } catch {
      guard error == .conditionFailed || error.isInDoubt else { throw error }
      return try hasHappened(draft.stamp, after: error)
    }
  }

  func remember(_ draft: CommitDraft) {
    known.noted(draft.entry.seen)
    for (key, content) in draft.contents {
      known.remember(StoredRecord(key, ContentVersion(stamp: draft.stamp, content: content)))
    }
  }

  // MARK: Doubt

  /// Finds out whether a commit happened whose answer is an error, and makes it impossible if it is in
  /// doubt and did not.
  /// - Throws: The error, if the commit did not happen and that is no reason to try again.
  private func hasHappened(_ stamp: Stamp, after error: AWSError) throws(AWSError) -> Bool {
    let layout = records.layout
    let (place, head) = (layout.log(stamp.writer, stamp.sequence), layout.head(stamp.writer))
    var items: [ItemKey: Item] = [:]
    do throws(AWSError) {
      // The request may still be on its way: this entry or the commit's, one of them is first
      if error.isInDoubt { _ = try test([records.void(stamp, time: Self.now)]) }
      items = try records.table.get([place, head])
    } catch let other {
      close("whether a commit happened is unknown: \(other)")
      throw other
    }
    if let entry = items[place] {
      writer.concluded(stamp)
      if !RecordTable.isVoid(entry) { return true }
      if error.isInDoubt { throw error }
    } else if items[head] == nil {
      writer.forget()
    }
    return false
  }

  /// Refuses all later commits, since the outcome of one is unknown.
  func close(_ reason: String) { failure.withLock { $0 = $0 ?? reason } }

  private var closedError: StoreError? { closedBecause.map { .closed(because: $0) } }

  private func checkOpen() throws(StoreError) {
    if let closedError { throw closedError }
  }

  /// The time in seconds since 1970.
  static var now: Int { time(nil) }
}
