import Glibc

/// The bytes of a file in memory, as mmap(2) has them: read when they are looked at.
///
/// They stay, whatever becomes of the file's name. A file that somebody else truncates kills its
/// readers (SIGBUS); the store truncates no byte that was once acknowledged.
final class Mapping: @unchecked Sendable {
  /// Good for as long as this object is: use them in a method of what holds it.
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
    // It fails for a wrong argument only, and these are the ones that mmap gave.
    _ = munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
  }

  /// Lends the bytes.
  func read<Result>(
    _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }
}
