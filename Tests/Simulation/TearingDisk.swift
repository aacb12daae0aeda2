import Glibc
import Store
import Synchronization

/// The disk of one dispatcher, which writes only the first half of the bytes when that is killed.
final class TearingDisk: Disk {
  private let tears = Atomic(false)

  /// Lets the next write be the last, and torn.
  func tearNext() { tears.store(true, ordering: .relaxed) }

  func write(
    _ bytes: UnsafeRawBufferPointer, to file: File, at offset: Int
  ) throws(StoreError) -> Int {
    guard tears.load(ordering: .relaxed) else {
      return try LocalDisk().write(bytes, to: file, at: offset)
    }
    let half = UnsafeRawBufferPointer(rebasing: bytes.prefix(bytes.count / 2))
    if !half.isEmpty { _ = try LocalDisk().write(half, to: file, at: offset) }
    throw .unavailable(call: "write", code: EIO, path: file.path)
  }

  func truncate(_ file: File, to size: Int) throws(StoreError) {
    guard !tears.load(ordering: .relaxed) else {
      throw .unavailable(call: "truncate", code: EIO, path: file.path)
    }
    try LocalDisk().truncate(file, to: size)
  }
}
