import Synchronization

/// A disk that remembers the first failure after which nobody knows what is on it.
///
/// A sync that fails is never tried again: the kernel calls the pages clean that it could not
/// write, and a second sync would say that all is well.
final class Fuse: Disk {
  private let disk: any Disk
  private let reason = Mutex<String?>(nil)

  init(_ disk: any Disk) {
    self.disk = disk
  }

  /// The failure after which it says no.
  var blownBecause: String? { reason.withLock { $0 } }

  /// Says no for ever after a failure.
  func check() throws(StoreError) {
    if let reason = blownBecause { throw .closed(because: reason) }
  }

  /// Makes a failure the last thing that this disk was used for.
  func blow(_ error: StoreError) {
    reason.withLock { $0 = $0 ?? error.description }
  }

  func makeDirectory(_ path: String) throws(StoreError) { try disk.makeDirectory(path) }

  func names(in directory: String) throws(StoreError) -> [String] {
    try disk.names(in: directory)
  }

  func open(_ path: String, _ opening: Opening) throws(StoreError) -> File {
    try disk.open(path, opening)
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
    do { try disk.sync(file) } catch {
      blow(error)
      throw error
    }
  }

  func syncDirectory(_ path: String) throws(StoreError) {
    do { try disk.syncDirectory(path) } catch {
      blow(error)
      throw error
    }
  }

  func rename(_ path: String, to target: String) throws(StoreError) {
    try disk.rename(path, to: target)
  }

  func remove(_ path: String) throws(StoreError) { try disk.remove(path) }
}
