import Glibc
import Synchronization

/// A file descriptor that is closed exactly once: by ``close()``, or with its owner.
public final class Descriptor: Sendable {
  private let raw: Atomic<Int32>

  /// Takes ownership of the result of a system call; a negative number counts as closed.
  public init(_ number: Int32) { raw = Atomic(number) }

  deinit { close() }

  /// The file descriptor; negative once it is closed, so that poll(2) ignores it.
  public var number: Int32 { raw.load(ordering: .relaxed) }

  /// Whether it is closed.
  public var isClosed: Bool { number < 0 }

  /// Closes the descriptor, if it is open.
  public func close() {
    let number = raw.exchange(-1, ordering: .relaxed)
    if number >= 0 { _ = Glibc.close(number) }  // a pipe or a socket: a failed close loses nothing
  }
}
