import Glibc

extension Snapshot {
  /// Makes the last journal, the snapshot and the watermark end at the same position.
  ///
  /// Requires the lock.
  ///
  /// Bytes after the watermark come from a writer that died or whose sync failed, or the watermark is
  /// older than a power loss. Complete groups are kept, since they may have been acknowledged. They are
  /// written again before the sync: after a sync that failed in another process, the kernel may
  /// consider pages clean that are not on the disk. A torn group is truncated.
  /// - Parameters:
  ///   - disk: The disk to write to.
  ///   - watermark: The durable state, which is updated.
  ///   - isThorough: Whether to examine all bytes after the end, not only the first, which a writer
  ///     that dies writes first. After a power loss it may be missing while others are present.
  /// - Returns: A notice if a torn group was truncated.
  /// - Throws: `damaged`, `unavailable`.
  mutating func repairTail(
    _ disk: any Disk, _ watermark: CommitWatermark, isThorough: Bool
  ) throws(StoreError) -> MaintenanceNotice? {
    guard let last = lastJournal else { return nil }
    if !isThorough, watermark.end == end {
      guard try !isBlank(last.file, at: end - last.start) else { return nil }
    }
    let size = try last.file.size()
    // This snapshot must not show groups that are not durable yet and may never be.
    var repaired = self
    let result = try repaired.read(to: size)
    let kept = repaired.end - last.start
    try repaired.refuseDamage(result, in: last, watermark)
    if repaired.end > watermark.end {
      try repaired.rewrite(last, from: max(watermark.end, last.start), disk)
    }
    self = repaired
    watermark.end = end
    guard case .broken = result else { return nil }
    try disk.truncate(last.file, to: kept)
    try disk.sync(last.file)
    return .truncatedTail(file: last.file.path, offset: kept, bytes: size - kept)
  }

  // MARK: Private

  /// Whether a file ends at an offset or has preallocated space there.
  private func isBlank(_ file: File, at offset: Int) throws(StoreError) -> Bool {
    var byte: UInt8 = 0
    let count = try check("pread", file.path) { pread(file.descriptor, &byte, 1, off_t(offset)) }
    return count == 0 || byte == newline
  }

  private func refuseDamage(
    _ result: CommitGroup.ReadResult, in last: (file: File, start: Int),
    _ watermark: CommitWatermark
  ) throws(StoreError) {
    let kept = end - last.start
    if case .broken(let offset) = result {
      let mapping = try MappedFile(last.file, size: try last.file.size())
      let next = try mapping.withBytes { CommitGroup.next($0, after: kept, position: end) }
      guard next == nil, watermark.end <= end else {
        throw .damaged(last.file.path, offset, "an acknowledged record is incomplete")
      }
    } else if watermark.end > end {
      let missing = "\(watermark.end - end) acknowledged bytes are missing"
      throw .damaged(
        last.file.path, kept, "\(missing) (to continue without them, remove the file lock)")
    }
  }

  private func rewrite(
    _ last: (file: File, start: Int), from: Int, _ disk: any Disk
  ) throws(StoreError) {
    let range = from - last.start..<end - last.start
    let mapping = try MappedFile(last.file, size: range.upperBound)
    let bytes = try mapping.withBytes { Array($0[range]) }
    try disk.write(all: bytes, to: last.file, at: range.lowerBound)
    try disk.sync(last.file)
  }
}
