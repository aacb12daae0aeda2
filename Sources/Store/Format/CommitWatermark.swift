import Glibc
import Synchronization

/// The durable state of a store: three numbers at the start of the file `lock`, mapped into the memory
/// of each process, so that a reader detects a commit without a system call.
///
/// They are set under the lock after the sync, so they never exceed what is durable. After a power
/// loss they may be older; the journals then contain the rest.
final class CommitWatermark: @unchecked Sendable {
  private static let size = 3 * MemoryLayout<Int>.size
  private let words: UnsafeMutablePointer<Atomic<Int>>

  /// Maps the numbers of a file, which are first written if they are missing, since a hole in the file
  /// has no space reserved on the disk.
  ///
  /// Requires the lock.
  init(_ file: File, _ disk: any Disk) throws(StoreError) {
    if try file.size() < Self.size {
      try disk.write(all: [UInt8](repeating: 0, count: Self.size), to: file, at: 0)
    }
    let start = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor, 0)
    guard let start, start != MAP_FAILED else { throw .last("mmap", file.path) }
    words = start.assumingMemoryBound(to: Atomic<Int>.self)
  }

  deinit {
    _ = munmap(words, Self.size)  // It fails for invalid arguments only.
  }

  /// The position up to which the journals are durable.
  var end: Int {
    get { words[0].load(ordering: .acquiring) }
    set { words[0].store(newValue, ordering: .releasing) }
  }

  /// The position at which the current journal begins.
  var journal: Int {
    get { words[1].load(ordering: .acquiring) }
    set { words[1].store(newValue, ordering: .releasing) }
  }

  /// The position of the newest table, up to which it contains everything; 0 without a table.
  var table: Int {
    get { words[2].load(ordering: .acquiring) }
    set { words[2].store(newValue, ordering: .releasing) }
  }
}
