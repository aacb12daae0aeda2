import Glibc
import Kernel

extension Descriptor {
  /// Makes calls that would block fail with EAGAIN.
  func makeNonblocking() { _ = fcntl(number, F_SETFL, O_NONBLOCK) }

  /// Whether the last failed call may succeed if it is repeated.
  private static var isTransient: Bool { errno == EAGAIN || errno == EINTR }

  /// Writes as much as fits and drops it from the bytes; false if there is no reader any more.
  func write(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard !rest.isEmpty else { return true }
    let count = rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
    guard count > 0 else { return Self.isTransient }
    rest = rest.dropFirst(count)
    return true
  }

  /// The result of reading from a pipe.
  enum ReadResult: Equatable {
    /// Bytes were appended.
    case some
    /// The pipe is empty.
    case none
    /// There is no writer any more; the descriptor is closed now.
    case end
  }

  /// Reads at most 64 KiB, the capacity of a pipe.
  func read(into buffer: inout BoundedBuffer) -> ReadResult {
    guard !isClosed else { return .end }
    return withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { part in
      let count = Glibc.read(number, part.baseAddress, part.count)
      guard count <= 0 else {
        buffer.append(part[..<count])
        return .some
      }
      if count < 0, Self.isTransient { return .none }
      close()
      return .end
    }
  }
}
