import Synchronization

/// A disk that remembers the first failure after which its content is unknown.
///
/// A failed sync is never repeated: the kernel considers the pages clean that it could not write, so a
/// second sync would succeed without writing them.
final class FailStopDisk: Disk {
  private let disk: any Disk
  private let reason = Mutex<String?>(nil)

  init(_ disk: any Disk) {
    self.disk = disk
  }

  /// The failure after which nothing may be written, or nil.
  var failure: String? { reason.withLock { $0 } }

  /// Throws `closed` after a failure.
  func requireUsable() throws(StoreError) {
    if let failure { throw .closed(because: failure) }
  }

  /// Records a failure; the first one stays.
  func fail(_ error: StoreError) {
    reason.withLock { $0 = $0 ?? error.description }
  }

  func open(_ path: String, _ mode: OpenMode) throws(StoreError) -> File {
    try disk.open(path, mode)
  }

  func write(
    _ bytes: UnsafeRawBufferPointer, to file: File, at offset: Int
  ) throws(StoreError) -> Int {
    try disk.write(bytes, to: file, at: offset)
  }

  func truncate(_ file: File, to size: Int) throws(StoreError) {
    try disk.truncate(file, to: size)
  }

  func sync(_ file: File) throws(StoreError) {
    try failing { () throws(StoreError) in try disk.sync(file) }
  }

  func syncDirectory(_ path: String) throws(StoreError) {
    try failing { () throws(StoreError) in try disk.syncDirectory(path) }
  }

  func rename(_ path: String, to target: String) throws(StoreError) {
    try disk.rename(path, to: target)
  }

  func remove(_ path: String) throws(StoreError) { try disk.remove(path) }

  private func failing(_ sync: () throws(StoreError) -> Void) throws(StoreError) {
    do { try sync() } catch {
      fail(error)
      throw error
    }
  }
}
