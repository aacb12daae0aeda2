/// All that a store does to a disk: a test puts another in its place and kills, tears or refuses at
/// the call it chooses.
///
/// Reading goes by mmap, and the locks by flock, past this.
///
/// Whatever is not said otherwise by a type of your own is done for real, as `LocalDisk` does it.
public protocol Disk: Sendable {
  /// Makes a directory of mode 0700, and those above it; one that is there is left as it is.
  func makeDirectory(_ path: String) throws(StoreError)
  /// The names in a directory, in any order.
  func names(in directory: String) throws(StoreError) -> [String]
  /// Opens a file to read and write; a new one has mode 0600.
  func open(_ path: String, _ opening: Opening) throws(StoreError) -> File
  /// Writes some bytes at an offset, and says how many were written.
  func write(
    _ bytes: UnsafeRawBufferPointer, to file: File, at offset: Int
  ) throws(StoreError) -> Int
  /// Cuts a file to a size in bytes.
  func truncate(_ file: File, to size: Int) throws(StoreError)
  /// Makes the content and the size of a file durable (fdatasync).
  func sync(_ file: File) throws(StoreError)
  /// Makes the names in a directory durable (fsync).
  func syncDirectory(_ path: String) throws(StoreError)
  /// Gives a file another name in its directory, over any that has it.
  func rename(_ path: String, to target: String) throws(StoreError)
  /// Removes a file.
  func remove(_ path: String) throws(StoreError)
}

/// What may be there when a file is opened.
public enum Opening: Sendable {
  /// The file must be there.
  case existing
  /// The file is made if it is not there.
  case made
  /// The file is made, or emptied.
  case emptied
}

/// The disk itself.
public struct LocalDisk: Disk {
  /// The disk itself.
  public init() {}
}
