import CLinux
import Glibc
import HTTPTypes
import Kernel
import Synchronization

/// An HTTP/1.1 server on one event loop.
///
/// It listens from its initialization: connections wait in the kernel until ``run(_:)``. A request
/// reaches the handler only when it is complete, and an ambiguous one never does.
public final class Server: Sendable {
  /// The port it listens on; the assigned one if port 0 was requested.
  public let port: Int
  /// The address it listens on, as it was given but with the actual port: `[::1]:8787`.
  public let address: String
  /// The limits that it sets to its clients.
  public let limits: ServerLimits

  private let listener: Mutex<Listener?>
  private let epoll: Epoll
  private let mailbox: Mailbox

  /// Whether a text is an address to listen on: a numeric one or `localhost`, with a port.
  public static func canListen(on address: String) -> Bool { SocketAddress(address) != nil }

  /// Listens on `127.0.0.1:8787`, `[::1]:8787` or `localhost:8787`; port 0 takes a free one.
  ///
  /// - Throws: ``ListenError`` if the text is no such address, or the system refuses it.
  public init(listen address: String, limits: ServerLimits = ServerLimits()) throws(ListenError) {
    // A connection is a file, and the usual limit is low.
    DescriptorLimit.raise(to: 16_384)
    let listener = try Listener(address)
    guard let epoll = Epoll() else { throw ListenError(call: "epoll_create1", address: address) }
    let number = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    guard number >= 0 else { throw ListenError(call: "eventfd", address: address) }
    mailbox = Mailbox(wake: Descriptor(number))
    guard
      epoll.add(number, .init(read: true)),
      epoll.add(listener.descriptor.number, .init(read: true))
    else { throw ListenError(call: "epoll_ctl", address: address) }
    self.epoll = epoll
    self.limits = limits
    port = listener.port
    self.address =
      "\(address.prefix(through: address.lastIndex(of: ":") ?? address.startIndex))\(port)"
    self.listener = Mutex(listener)
  }

  /// Serves on this thread until ``stop()``; a second call returns at once.
  ///
  /// The handler takes all requests that are complete in one turn of the loop, in order of arrival, and
  /// returns their responses in the same order. What had to be refused or closed is reported, once a
  /// minute at most: the counts since the start, and a text about those since the last report.
  public func run(
    report: @escaping (ServerPressure, String) -> Void = { _, _ in },
    _ handle: ([Request]) -> [Response]
  ) {
    let listener = listener.withLock { $0.take() }
    guard let listener else { return }
    withoutActuallyEscaping(handle) { handle in
      EventLoop(
        listener: listener, epoll: epoll, mailbox: mailbox, limits: limits, report: report
      ).run(.atOnce(handle))
    }
  }

  /// Serves on this thread until ``stop()``, as ``run(report:_:)`` does, with a handler that gives each
  /// request to whoever answers it, on any thread; it must not wait itself.
  ///
  /// The responses to one client leave in the order of its requests.
  public func run(
    report: @escaping (ServerPressure, String) -> Void = { _, _ in },
    forwarding handle: @escaping (Request, Responder) -> Void
  ) {
    let listener = listener.withLock { $0.take() }
    guard let listener else { return }
    EventLoop(
      listener: listener, epoll: epoll, mailbox: mailbox, limits: limits, report: report
    ).run(.later(handle))
  }

  /// Ends ``run(report:_:)``, from any thread.
  ///
  /// It takes no new connections, answers the requests already read and sends delayed responses at once.
  /// Who answers later has 5 seconds.
  public func stop() { mailbox.stop() }
}
