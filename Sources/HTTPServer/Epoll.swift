import CLinux
import Glibc
import Kernel

/// A set of watched descriptors: epoll, level-triggered.
final class Epoll: Sendable {
  /// The readiness of a descriptor.
  struct Event {
    let number: Int32
    let readable: Bool
    /// Both directions are shut: nothing can be delivered any more.
    let dead: Bool
  }

  /// The directions in which a descriptor is watched.
  struct Interest: Equatable {
    var read = false
    var write = false
  }

  private let descriptor: Descriptor

  init?() {
    let number = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard number >= 0 else { return nil }
    descriptor = Descriptor(number)
  }

  /// Starts to watch a descriptor; false if the system is out of memory for it.
  func add(_ number: Int32, _ interest: Interest) -> Bool {
    control(EPOLL_CTL_ADD, number, interest)
  }

  /// Changes the directions of a watched descriptor.
  func change(_ number: Int32, _ interest: Interest) {
    // It can only fail for a descriptor that was never added.
    _ = control(EPOLL_CTL_MOD, number, interest)
  }

  /// Waits for events for at most the given seconds; a signal ends the wait early.
  func wait(seconds: Double) -> [Event] {
    let milliseconds = Int32(max(0, min(seconds, 3600) * 1000).rounded(.up))
    return withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 1024) { buffer in
      let count = epoll_wait(descriptor.number, buffer.baseAddress, 1024, milliseconds)
      return buffer.prefix(Int(max(0, count))).map { event in
        let bits = event.events
        return Event(
          number: event.data.fd, readable: bits & UInt32(EPOLLIN.rawValue) != 0,
          dead: bits & UInt32(EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0)
      }
    }
  }

  private func control(_ operation: Int32, _ number: Int32, _ interest: Interest) -> Bool {
    var event = epoll_event()
    if interest.read { event.events |= UInt32(EPOLLIN.rawValue) }
    if interest.write { event.events |= UInt32(EPOLLOUT.rawValue) }
    event.data.fd = number
    return epoll_ctl(descriptor.number, operation, number, &event) == 0
  }
}
