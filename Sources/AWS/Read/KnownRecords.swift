import Store
import Synchronization

/// The versions of records that this process has read or written, as a guess for its next commit.
///
/// A commit that relies on an old version fails by its condition and reads the record. So a wrong guess
/// costs two requests, and a right one saves one.
final class KnownRecords: Sendable {
  fileprivate struct State {
    var records: [Key: StoredRecord] = [:]
    var bytes = 0
    var clock = 0
    /// The last commit of each writer that was seen and that no commit of this process has noted yet.
    var seen: [Int: Int] = [:]
  }

  private let state = Mutex(State())
  private static let limit = 8 << 20

  /// The greatest clock of all versions that were seen.
  var clock: Int { state.withLock { $0.clock } }

  func record(_ key: Key) -> StoredRecord? { state.withLock { $0.records[key] } }

  func remember(_ record: StoredRecord) {
    let size = record.key.bytes.count + 128 + Self.size(of: record.version?.content)
    state.withLock { state in
      if let stamp = record.version?.stamp { state.note(stamp) }
      if state.bytes + size > Self.limit { (state.records, state.bytes) = ([:], 0) }
      state.records[record.key] = record
      state.bytes += size
    }
  }

  /// Notes that a commit was seen.
  func note(_ stamp: Stamp) { state.withLock { $0.note(stamp) } }

  /// Notes that a commit of this clock was seen.
  func note(clock: Int) { state.withLock { $0.clock = max($0.clock, clock) } }

  /// The last commits of other writers that were seen since the last commit of this one.
  func seen(otherThan writer: Int) -> [Int: Int] {
    state.withLock { state in state.seen.filter { $0.key != writer } }
  }

  /// Forgets the commits that a commit of this process has noted.
  func noted(_ seen: [Int: Int]) {
    state.withLock { state in
      state.seen = state.seen.filter { $0.value > seen[$0.key] ?? 0 }
    }
  }

  private static func size(of content: Content?) -> Int {
    if case .text(let value)? = content { value.utf8.count } else { 0 }
  }
}

extension KnownRecords.State {
  fileprivate mutating func note(_ stamp: Stamp) {
    clock = max(clock, stamp.clock)
    seen[stamp.writer] = max(seen[stamp.writer] ?? 0, stamp.sequence)
  }
}
