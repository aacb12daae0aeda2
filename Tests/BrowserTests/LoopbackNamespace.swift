import CLinux
import Foundation
import Glibc
import TestSupport

/// A network namespace with a loopback interface alone, which what runs in it cannot leave.
///
/// Ports lead in and out one by one: a port of this machine's loopback to the same port of the namespace's,
/// or back. A namespace belongs to a thread, and to the sockets and programs that the thread makes.
final class LoopbackNamespace: Sendable {
  private final class Queue: @unchecked Sendable {
    // The condition guards both
    private let condition = NSCondition()
    private var works: [(@Sendable () -> Void)?] = []

    func add(_ work: (@Sendable () -> Void)?) {
      condition.withLock { works.append(work) }
      condition.signal()
    }

    func next() -> (@Sendable () -> Void)? {
      condition.withLock {
        while works.isEmpty { condition.wait() }
        return works.removeFirst()
      }
    }
  }

  private let queue = Queue()
  private let listeners = ConcurrentList<TCPSocket>()

  /// Makes a namespace; nil where the machine does not permit that, as without the right to administer it.
  init?() {
    let made = ConcurrentList<Bool>()
    let isReady = DispatchSemaphore(value: 0)
    Thread { [queue] in
      made.add(unshare(0x4000_0000) == 0 && Self.raiseLoopback())  // CLONE_NEWNET
      isReady.signal()
      while let work = queue.next() { work() }
    }.start()
    isReady.wait()
    guard made.all == [true] else {
      queue.add(nil)
      return nil
    }
  }

  deinit { queue.add(nil) }

  /// Ends the ways in and out.
  func close() {
    // Shutting down ends a wait for a connection, which closing does not
    for listener in listeners.all {
      listener.end()
      listener.close()
    }
  }

  /// The result of work on the thread of the namespace.
  func inside<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) throws -> Result {
    let results = ConcurrentList<Swift.Result<Result, any Error>>()
    let isDone = DispatchSemaphore(value: 0)
    queue.add {
      results.add(.init(catching: work))
      isDone.signal()
    }
    isDone.wait()
    return try results.all[0].get()
  }

  /// Leads a port in the namespace to the same one of this machine.
  func leadOut(_ port: Int) throws {
    try lead(from: inside { try TCPSocket.listener(port: port) }) { TCPSocket.connected(to: port) }
  }

  /// Leads a port of this machine to the same one in the namespace.
  func leadIn(_ port: Int) throws {
    try lead(from: TCPSocket.listener(port: port)) { [weak self] in
      try? self?.inside { TCPSocket.connected(to: port) }
    }
  }

  private func lead(
    from listener: TCPSocket, to other: @escaping @Sendable () -> TCPSocket?
  ) throws {
    listeners.add(listener)
    Thread {
      while let one = listener.accept() {
        guard let other = other() else { continue }
        Self.relay(one, other)
        Self.relay(other, one)
      }
    }.start()
  }

  private static func relay(_ one: TCPSocket, _ other: TCPSocket) {
    Thread {
      while one.relay(to: other) {}
      // The other way may still be used
      other.finish()
    }.start()
  }

  /// Raises the interface, which a new namespace has down.
  private static func raiseLoopback() -> Bool {
    let number = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    guard number >= 0 else { return false }
    defer { Glibc.close(number) }
    // A `struct ifreq`: the name in 16 bytes, then the flags
    var request = [UInt8](repeating: 0, count: 40)
    request.replaceSubrange(0..<2, with: "lo".utf8)
    request[16] = UInt8(IFF_UP)
    return request.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { ioctl(number, UInt(SIOCSIFFLAGS), $0) == 0 } ?? false
    }
  }
}
