import Glibc

/// An open file, closed when nobody uses it any more.
public final class File: Sendable {
  /// The descriptor, for system calls.
  public let descriptor: Int32
  /// The path it was opened by, for what an error says.
  public let path: String

  /// Takes over a descriptor.
  public init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit {
    // Nothing can be lost here: what had to be durable was synced before.
    _ = close(descriptor)
  }
}
