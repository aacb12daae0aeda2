import Glibc
import Store
import Synchronization

/// Takes the moment of a scan or of a change stream.
///
/// The heads of the writers are read one after another, so they may be of different moments: a commit that
/// belongs to the moment may have seen one that does not yet. Those few commits, made while the heads
/// were read, are found in the logs, and what they saw is added. Besides, DynamoDB shows the items of a
/// transaction one after another until it is acknowledged. A writer makes one commit at a time, so only
/// its last one can be under way: its records are read until all show it.
///
/// Requests: one if no other writer has committed since the last time; else two, and about two more for each
/// writer that has.
final class CutReader: Sendable {
  /// The last commit of this process that was acknowledged.
  typealias Own = (writer: Int, sequence: Int)

  private struct State {
    var writers: Set<Int> = []
    /// The commits of other writers that are known to show in all of their records.
    var confirmed: [Int: Int] = [:]
  }

  private let records: RecordTable
  private let known: KnownRecords
  private let own: @Sendable () -> Own?
  private let state = Mutex(State())

  init(_ records: RecordTable, _ known: KnownRecords, own: @escaping @Sendable () -> Own?) {
    (self.records, self.known, self.own) = (records, known, own)
  }

  func take() throws(AWSError) -> Cut {
    let before = own()
    let first = try collect(before)
    let confirmed = state.withLock { $0.confirmed }
    guard Self.hasMoved(first, beyond: confirmed, own: before?.writer) else { return first }
    let now = own()
    var cut = try collect(now)
    try complete(&cut, since: first, confirmed: confirmed, own: now?.writer)
    return cut
  }

  // MARK: Heads

  /// The heads of all writers as they are read, and this process's own as it was acknowledged before.
  private func collect(_ own: Own?) throws(AWSError) -> Cut {
    let layout = records.layout
    let guessed = state.withLock { $0.writers }
    let items = try records.table.get([layout.meta] + guessed.map(layout.head))
    guard let meta = items[layout.meta], let next = meta.number("nw") else {
      throw .rejected("the table \(records.table.name) has no store \(layout.space)")
    }
    let writers = meta.numbers("writers")
    state.withLock { $0.writers = writers }
    var heads: [Int: Int] = [:]
    for writer in writers {
      var head = items[layout.head(writer)]
      // One that is read the first time, or was not there before the list was
      if head == nil { head = try records.table.get(layout.head(writer)) }
      guard let head, let sequence = head.number("q") else { continue }
      heads[writer] = sequence
      known.note(clock: head.number("k") ?? 0)
    }
    if let own, heads[own.writer] != nil { heads[own.writer] = own.sequence }
    return Cut(heads: heads, nextWriter: next)
  }

  private static func hasMoved(_ cut: Cut, beyond confirmed: [Int: Int], own: Int?) -> Bool {
    cut.heads.contains { writer, head in writer != own && head > confirmed[writer] ?? 0 }
  }

  // MARK: The commits that were made meanwhile

  /// Adds to a cut what its commits saw, and waits until all of them show.
  private func complete(
    _ cut: inout Cut, since first: Cut, confirmed: [Int: Int], own: Int?
  ) throws(AWSError) {
    // What a commit up to `read` saw is in the cut: it was there before the second look
    var read = confirmed.merging(first.heads) { max($0, $1) }
    var left = Array(cut.heads.filter { $0.key != own && $0.value > confirmed[$0.key] ?? 0 }.keys)
    while let writer = left.popLast(), let head = cut.heads[writer] {
      let start = min(read[writer] ?? 0, head - 1)
      let entries = try records.logs(writer, after: start, through: head)
      read[writer] = head
      for (other, seen) in entries.flatMap({ Array($0.seen) })
      where seen > cut.heads[other] ?? (other < cut.nextWriter ? .max : 0) {
        cut.heads[other] = seen
        if other != own { left.append(other) }
      }
      if let last = entries.last { try awaitRecords(of: last) }
    }
    let heads = cut.heads
    state.withLock { state in
      state.confirmed = state.confirmed.merging(heads) { max($0, $1) }
    }
  }

  /// Waits until all records of a commit show it, or a later one.
  private func awaitRecords(of entry: LogEntry) throws(AWSError) {
    var keys = Set(entry.former.keys)
    for round in 0..<200 where !keys.isEmpty {
      if round > 0 { usleep(10_000) }
      let found = try records.records(keys)
      keys = keys.filter { key in
        let record = found[key]
        let isStaged = record?.staged?.version.stamp == entry.stamp
        guard let version = record?.version else { return !isStaged && !entry.removes(key) }
        return !isStaged && version.stamp.clock < entry.stamp.clock
      }
    }
    guard keys.isEmpty else {
      throw .transient("the commit \(entry.stamp) does not show in its records", inDoubt: false)
    }
  }
}

extension LogEntry {
  /// Whether the commit left no record of a key; a compaction may have removed its item since.
  fileprivate func removes(_ key: Key) -> Bool {
    changes.last { $0.key == key }?.isRemoval ?? false
  }
}
