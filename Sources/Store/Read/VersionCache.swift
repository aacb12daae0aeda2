import Synchronization

/// The version of a snapshot at its last look-up, readable without the lock of the snapshot.
final class VersionCache: Sendable {
  private let end = Atomic<Int>(-1)
  private let table = Atomic<Int>(-1)
  private let current = Atomic<Int>(0)

  /// The version at the last update, or a later one.
  var version: Int { current.load(ordering: .acquiring) }

  /// Whether the last update was at these positions of the watermark, or later.
  func isCurrent(end markedEnd: Int, table markedTable: Int) -> Bool {
    end.load(ordering: .acquiring) >= markedEnd && table.load(ordering: .acquiring) == markedTable
  }

  /// Requires the lock of the snapshot.
  func update(from snapshot: Snapshot) {
    // The version is stored first: a reader that sees the end must see its version.
    current.store(snapshot.version, ordering: .releasing)
    table.store(snapshot.tablePosition, ordering: .releasing)
    end.store(snapshot.end, ordering: .releasing)
  }
}
