import Glibc

/// The bytes of a file, mapped into memory (mmap) and read on access.
///
/// They remain valid when the file is renamed or removed. Truncating the file would kill its readers
/// (SIGBUS); the store never truncates acknowledged bytes.
final class MappedFile: @unchecked Sendable {
  /// Valid for the lifetime of this object: use them in a method of its owner only.
  let bytes: UnsafeRawBufferPointer

  init(_ file: File, size: Int) throws(StoreError) {
    guard size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let start = mmap(nil, size, PROT_READ, MAP_SHARED, file.descriptor, 0)
    guard let start, start != MAP_FAILED else { throw .last("mmap", file.path) }
    bytes = UnsafeRawBufferPointer(start: start, count: size)
  }

  deinit {
    guard let start = bytes.baseAddress else { return }
    // munmap fails for invalid arguments only.
    _ = munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
  }

  func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }
}
