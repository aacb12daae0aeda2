import Glibc

extension View {
  /// Makes the last journal end where the view ends, and the mark say so.
  ///
  /// Wants the lock.
  ///
  /// Bytes after the mark are those of a writer that died, or of one whose sync failed, or the mark
  /// is older than a power loss. Whole groups are taken in: they may have been acknowledged. They
  /// are written again before they are synced, since after a sync that failed elsewhere the kernel
  /// may call pages clean that are not on the disk. What is torn is cut off.
  /// - Parameters:
  ///   - disk: What does the writing.
  ///   - mark: How far the store is.
  ///   - isThorough: Whether to look at all that follows, and not at the first byte only, which a
  ///     writer that died wrote first. After a power loss it may be missing, and the rest be there.
  /// - Returns: What was cut off.
  /// - Throws: `damaged`, `unavailable`.
  mutating func settle(
    _ disk: any Disk, _ mark: Mark, isThorough: Bool
  ) throws(StoreError) -> Note? {
    guard let last = journal else { return nil }
    if !isThorough, mark.end == end {
      guard try !isBlank(last.file, at: end - last.start) else { return nil }
    }
    let size = try last.file.size()
    // What is not durable yet, and may never be, is not to be seen here.
    var settled = self
    let found = try settled.read(to: size)
    let kept = settled.end - last.start
    try settled.refuseDamage(found, in: last, mark)
    if settled.end > mark.end {
      try settled.rewrite(last, from: max(mark.end, last.start), disk)
    }
    self = settled
    mark.end = end
    guard case .broken = found else { return nil }
    try disk.truncate(last.file, to: kept)
    try disk.sync(last.file)
    return .cut(file: last.file.path, offset: kept, bytes: size - kept)
  }

  // MARK: Private

  /// Whether a file ends at an offset, or has room for more there.
  private func isBlank(_ file: File, at offset: Int) throws(StoreError) -> Bool {
    var byte: UInt8 = 0
    let count = try check("pread", file.path) { pread(file.descriptor, &byte, 1, off_t(offset)) }
    return count == 0 || byte == newline
  }

  private func refuseDamage(
    _ found: Group.Found, in last: (file: File, start: Int), _ mark: Mark
  ) throws(StoreError) {
    let kept = end - last.start
    switch found {
    case .broken(let offset):
      let mapping = try Mapping(last.file, size: try last.file.size())
      let next = try mapping.read { bytes in Group.next(bytes, after: kept, position: end) }
      guard next == nil, mark.end <= end else {
        throw .damaged(last.file.path, offset, "a record that was acknowledged is not whole")
      }
    case .nothing, .group:
      guard mark.end <= end else {
        let missing = "\(mark.end - end) bytes that were acknowledged are not there"
        throw .damaged(
          last.file.path, kept, "\(missing) (to go on without them, remove the file lock)")
      }
    }
  }

  private func rewrite(_ last: (file: File, start: Int), from: Int, _ disk: any Disk)
    throws(StoreError)
  {
    let range = from - last.start..<end - last.start
    let mapping = try Mapping(last.file, size: range.upperBound)
    let bytes = try mapping.read { Array($0[range]) }
    try disk.write(all: bytes, to: last.file, at: range.lowerBound)
    try disk.sync(last.file)
  }
}
