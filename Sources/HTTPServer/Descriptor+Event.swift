import Glibc
import Kernel

extension Descriptor {
  /// Resets an eventfd, so that it is no longer readable.
  func resetEvent() {
    var count: UInt64 = 0
    // Empty already is as good.
    _ = read(number, &count, 8)
  }

  /// Makes an eventfd readable.
  func signalEvent() {
    var count: UInt64 = 1
    // It fails only when the counter is full, and then the eventfd is readable.
    _ = write(number, &count, 8)
  }
}
