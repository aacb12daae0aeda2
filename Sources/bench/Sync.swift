import Foundation

/// The bare thing that a durable write cannot do without: write some bytes at the end of a file,
/// and fdatasync.
final class Sync {
  private let descriptor: Int32

  init(in folder: String) throws {
    let path = "\(folder)/bare"
    descriptor = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw BenchError(73, "open \(path): \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  /// Writes and syncs once.
  func write(_ bytes: [UInt8]) throws {
    guard Foundation.write(descriptor, bytes, bytes.count) == bytes.count,
      fdatasync(descriptor) == 0
    else { throw BenchError(74, "write: \(String(cString: strerror(errno)))") }
  }
}
