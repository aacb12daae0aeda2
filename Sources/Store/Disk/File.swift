import Glibc

/// An open file, closed with the last reference to it.
public final class File: Sendable {
  /// The descriptor, for system calls.
  public let descriptor: Int32
  /// The path for error messages.
  public let path: String

  /// Takes ownership of a descriptor.
  public init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit {
    _ = close(descriptor)  // No data can be lost: it was synced before.
  }

  /// Returns the size of the file in bytes.
  /// - Throws: `unavailable`.
  public func size() throws(StoreError) -> Int {
    var status = stat()
    _ = try check("fstat", path) { Int(fstat(descriptor, &status)) }
    return Int(status.st_size)
  }
}
