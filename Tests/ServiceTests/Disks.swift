import Foundation
import Store
import Synchronization

/// A disk whose flushes take a while.
final class SlowDisk: Disk {
  private let milliseconds = Atomic(0)

  /// Makes every flush from now on take so long.
  func delaySyncs(milliseconds: Int) {
    self.milliseconds.store(milliseconds, ordering: .relaxed)
  }

  func sync(_ file: File) throws(StoreError) {
    usleep(UInt32(milliseconds.load(ordering: .relaxed)) * 1000)
    try LocalDisk().sync(file)
  }
}

/// A disk whose writes or flushes fail with an error number while a test says so.
final class FailingDisk: Disk {
  enum Operation {
    case write
    case sync
  }

  private let code: Int32
  private let state = Mutex<Operation?>(nil)
  private let syncs = Atomic(0)

  init(_ code: Int32) { self.code = code }

  /// The operation that fails; nil for none.
  var failing: Operation? {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }

  /// The number of flushes that failed.
  var failedSyncs: Int { syncs.load(ordering: .relaxed) }

  func write(
    _ bytes: UnsafeRawBufferPointer, to file: File, at offset: Int
  ) throws(StoreError) -> Int {
    if failing == .write { throw .unavailable(call: "write", code: code, path: file.path) }
    return try LocalDisk().write(bytes, to: file, at: offset)
  }

  func sync(_ file: File) throws(StoreError) {
    if failing == .sync {
      syncs.add(1, ordering: .relaxed)
      throw .unavailable(call: "fdatasync", code: code, path: file.path)
    }
    try LocalDisk().sync(file)
  }
}
