import Glibc
import Synchronization

/// How far the store is, for all processes to see: three numbers in the first bytes of the file
/// `lock`, which each process has in its memory, so that a reader looks at no file to learn that
/// nothing is new.
///
/// They are set under the lock, after the sync, and so never say more than is durable. After a
/// power loss they may say less; then the journals themselves tell the rest.
final class Mark: @unchecked Sendable {
  private static let size = 3 * MemoryLayout<Int>.size
  private let words: UnsafeMutablePointer<Atomic<Int>>

  /// Maps the first bytes of a file, and writes them first where there are none: a hole would have
  /// no room kept for it on the disk.
  ///
  /// Wants the lock.
  init(_ file: File, _ disk: any Disk) throws(StoreError) {
    if try file.size() < Self.size {
      try disk.write(all: [UInt8](repeating: 0, count: Self.size), to: file, at: 0)
    }
    let start = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor, 0)
    guard let start, start != MAP_FAILED else { throw .last("mmap", file.path) }
    words = start.assumingMemoryBound(to: Atomic<Int>.self)
  }

  deinit {
    _ = munmap(words, Self.size)  // It fails for a wrong argument only.
  }

  /// The position up to which the journals are durable.
  var end: Int {
    get { words[0].load(ordering: .acquiring) }
    set { words[0].store(newValue, ordering: .releasing) }
  }

  /// The position at which the journal begins that is written to.
  var journal: Int {
    get { words[1].load(ordering: .acquiring) }
    set { words[1].store(newValue, ordering: .releasing) }
  }

  /// The position up to which the newest table holds all; 0 when there is no table.
  var table: Int {
    get { words[2].load(ordering: .acquiring) }
    set { words[2].store(newValue, ordering: .releasing) }
  }
}
