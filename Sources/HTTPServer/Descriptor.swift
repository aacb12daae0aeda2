import Glibc

/// A descriptor with one owner, closed with it.
final class Descriptor: Sendable {
  let number: Int32

  init(_ number: Int32) {
    self.number = number
  }

  deinit {
    // Nothing was written that a failing close could lose.
    _ = close(number)
  }
}

extension Descriptor {
  /// Takes what an eventfd holds, so that it is no longer readable.
  func readCount() {
    var count: UInt64 = 0
    // Empty already is as good.
    _ = read(number, &count, 8)
  }

  /// Makes an eventfd readable.
  func writeCount() {
    var count: UInt64 = 1
    // It fails only when the counter is full, and then the eventfd is readable.
    _ = write(number, &count, 8)
  }
}
