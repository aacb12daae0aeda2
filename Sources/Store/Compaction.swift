import Dispatch
import Synchronization

extension Store {
  /// Merges the journals into a new table, while others read and write, and waits for another
  /// compaction to end first.
  /// - Parameter keep: Whether a record is to stay; nil to keep all. A record that is written while
  ///   this runs stays in any case.
  /// - Throws: `unavailable`, `closed`, `damaged`; then the store is as it was.
  public func compact(
    keep: ((_ key: String, _ value: String) -> Bool)? = nil
  ) throws(StoreError) {
    try compaction.pass { () throws(StoreError) in try merge(keep) }
  }

  /// Begins to compact in the background when the journals have grown enough, since the table was
  /// made and since it was last tried.
  func compactIfDue() {
    let (end, base, size) = view.withLock { ($0.end, $0.base, $0.table?.size ?? 0) }
    let begun = begunAt.load(ordering: .relaxed)
    guard end - max(base, begun) >= max(compactAt, size / 8),
      begunAt.compareExchange(expected: begun, desired: end, ordering: .relaxed).exchanged
    else { return }
    DispatchQueue.global(qos: .utility).async { [self] in
      do throws(StoreError) {
        _ = try compaction.passIfFree { () throws(StoreError) in try merge(nil) }
        // The journals were in memory
        FreeMemory.giveBackWhenCalm()
      } catch {
        noted.withLock { $0.append(.notCompacted(error)) }
      }
    }
  }

  // MARK: Private

  private func merge(_ keep: ((String, String) -> Bool)?) throws(StoreError) {
    guard let old = try rotate(evenIfEmpty: keep != nil) else { return }
    try draft(old, keep)
    try gate.pass { () throws(StoreError) in
      try fuse.check()
      try fuse.rename(folder.draft, to: folder.table(old.end))
      try fuse.syncDirectory(folder.path)
      mark.table = old.end
    }
    _ = try current()
    try folder.sweep(before: old.end)
  }

  /// Begins a new journal, for all who write from now on.
  /// - Returns: All that was before it; nil when the table has that already.
  private func rotate(evenIfEmpty: Bool) throws(StoreError) -> View? {
    try gate.pass { () throws(StoreError) -> View? in
      try tidy()
      var old = try current()
      guard old.end > old.base || evenIfEmpty else { return nil }
      // Two tables of one position could not be told apart.
      if old.end == old.base { try append(Lines(), []) }
      old = try current()
      guard old.journal?.start != old.end else { return old }
      let segment = try Segment(folder, start: old.end, .made)
      do throws(StoreError) {
        try fuse.syncDirectory(folder.path)
      } catch {
        _ = try? fuse.remove(segment.file.path)  // Recovery removes one that stays.
        throw error
      }
      view.withLock { $0.segments.append(segment) }
      mark.journal = old.end
      return old
    }
  }

  /// Writes a table of all that a view holds, and syncs it.
  private func draft(
    _ old: View, _ keep: ((String, String) -> Bool)?
  ) throws(StoreError) {
    do {
      var draft = try Draft(folder)
      var merge = try Merge(old, keep)
      try merge.write(to: &draft)
      try draft.finish(position: old.end)
    } catch {
      // The next compaction empties it, so a draft that stays does no harm but to the room.
      _ = try? fuse.remove(folder.draft)
      throw error
    }
  }
}
