import CLinux
import Glibc
import Synchronization

/// An HTTP/1.1 server on one event loop.
///
/// It listens from the moment it is made: connections wait in the kernel until `run`. A request
/// reaches the handler only when it is whole, and one that could be read in two ways never does.
public final class Server: Sendable {
  /// The port it listens on, also when port 0 was asked for.
  public let port: Int
  /// What it takes from strangers.
  public let limits: ServerLimits

  private let listener: Mutex<Listener?>
  private let poll: Epoll
  private let wake: Descriptor

  /// Whether a text is an address that it can be told to listen on: a numeric one, with a port.
  public static func canListen(on address: String) -> Bool { SocketAddress(address) != nil }

  /// Listens on `127.0.0.1:8787`, `[::1]:8787` or `localhost:8787`; port 0 takes a free one.
  public init(listen address: String, limits: ServerLimits = ServerLimits()) throws(ListenError) {
    let listener = try Listener(address)
    guard let poll = Epoll() else { throw ListenError(call: "epoll_create1", address: address) }
    let number = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    guard number >= 0 else { throw ListenError(call: "eventfd", address: address) }
    wake = Descriptor(number)
    guard
      poll.add(number, .init(read: true)),
      poll.add(listener.descriptor.number, .init(read: true))
    else { throw ListenError(call: "epoll_ctl", address: address) }
    self.poll = poll
    self.limits = limits
    port = listener.port
    self.listener = Mutex(listener)
  }

  /// Serves on this thread until `stop`, and only once.
  ///
  /// The handler is given all requests that are whole in one turn, in the order in which they came
  /// in, and gives their answers in the same order.
  public func run(_ handle: ([Request]) -> [Response]) {
    let listener = listener.withLock { $0.take() }
    guard let listener else { return }
    EventLoop(listener: listener, poll: poll, wake: wake, limits: limits).run(handle)
  }

  /// Ends `run`, from any thread: no new connections, but what was asked is still answered, delayed
  /// answers at once.
  public func stop() {
    wake.writeCount()
  }
}
