import Glibc

/// An open file that is closed once: with its owner, or before.
public final class Descriptor {
  /// The system's number for it; negative once it is closed.
  public private(set) var number: Int32

  /// Takes what a call of the system gave; a negative number is none.
  public init(_ number: Int32) { self.number = number }

  deinit { close() }

  /// Closes it, if it is open.
  public func close() {
    if number >= 0 { _ = Glibc.close(number) }  // a pipe: nothing is lost by a failed close
    number = -1
  }

  /// Whether there is none, or none any more.
  public var isClosed: Bool { number < 0 }

  /// Lets no call wait for it: what would have to wait fails with EAGAIN.
  public func makeNonblocking() { _ = fcntl(number, F_SETFL, O_NONBLOCK) }
}
