import Glibc

/// The disk operations of a store, which a test can replace to make one of them fail.
///
/// Reads go through mmap and locks through flock, not through a disk. An operation that a conforming
/// type does not implement works on the local disk. All operations throw `unavailable` only.
public protocol Disk: Sendable {
  /// Opens a file for reading and writing; a new file has mode 0600.
  func open(_ path: String, _ mode: OpenMode) throws(StoreError) -> File
  /// Writes bytes at an offset, and returns the number of bytes written.
  func write(
    _ bytes: UnsafeRawBufferPointer, to file: File, at offset: Int
  ) throws(StoreError) -> Int
  /// Truncates a file to a size in bytes.
  func truncate(_ file: File, to size: Int) throws(StoreError)
  /// Makes the content and the size of a file durable (fdatasync).
  func sync(_ file: File) throws(StoreError)
  /// Makes the names in a directory durable (fsync).
  func syncDirectory(_ path: String) throws(StoreError)
  /// Renames a file within its directory, and replaces a file of the new name.
  func rename(_ path: String, to target: String) throws(StoreError)
  /// Removes a file.
  func remove(_ path: String) throws(StoreError)
}

extension Disk {
  /// Renames a file, whose content must be synced, so that a crash leaves the old file or the new one.
  /// - Parameters:
  ///   - path: The new file, in the directory of the target.
  ///   - target: The final path.
  ///   - replacing: Whether to replace a file at the target. If not, and there is one, `path` is removed.
  /// - Returns: Whether the file took the target's name.
  /// - Throws: `unavailable`.
  @discardableResult
  public func renameDurably(
    _ path: String, to target: String, replacing: Bool = true
  ) throws(StoreError) -> Bool {
    var isRenamed = true
    if replacing {
      try rename(path, to: target)
    } else {
      isRenamed = try linkUnlessExists(path, target)
      try remove(path)
    }
    try syncParent(of: target)
    return isRenamed
  }

  /// Makes a change of the name at a path durable.
  /// - Throws: `unavailable`.
  public func syncParent(of path: String) throws(StoreError) {
    try syncDirectory(parent(of: path))
  }

  /// Writes all bytes at an offset; a failure can leave any number of them.
  /// - Throws: `unavailable`.
  public func write(all bytes: [UInt8], to file: File, at offset: Int) throws(StoreError) {
    var written = 0
    while written < bytes.count {
      let result: Result<Int, StoreError> = bytes.withUnsafeBytes { bytes in
        let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
        return Result { () throws(StoreError) in
          try write(rest, to: file, at: offset + written)
        }
      }
      let count = try result.get()
      guard count > 0 else { throw .unavailable(call: "write", code: EIO, path: file.path) }
      written += count
    }
  }
}
