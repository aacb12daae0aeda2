import CLinux
import Foundation
import Glibc
import Synchronization

/// A TCP socket of this machine, for input that no well-behaved client or server sends.
package final class TCPSocket: Sendable {
  /// The descriptor; -1 once it is closed.
  private let descriptor: Atomic<Int32>
  /// The local port of a listener or a reserved port, otherwise 0.
  package let port: Int

  private var number: Int32 { descriptor.load(ordering: .relaxed) }

  private init(_ number: Int32, port: Int = 0) {
    descriptor = Atomic(number)
    self.port = port
  }

  deinit { close() }

  // MARK: Opening

  /// Connects to a port; the socket of a connection that was refused is at its end.
  ///
  /// Reads end after `timeout` seconds without input.
  package convenience init(port: Int, timeout: Double = 5) {
    self.init(Self.tcp())
    limitReads(seconds: timeout)
    _ = connect(to: port)
  }

  /// A connection that a listener accepted; reads end after 5 seconds without input.
  package convenience init(accepted number: Int32) {
    self.init(number)
    limitReads(seconds: 5)
  }

  /// Connects to a port; nil if nobody listens there.
  package static func connected(to port: Int) -> TCPSocket? {
    let socket = TCPSocket(tcp())
    return socket.connect(to: port) ? socket : nil
  }

  /// Listens on a port; 0 chooses a free one.
  package static func listener(port: Int) throws -> TCPSocket {
    let number = tcp()
    setReuseAddress(number)
    return try bound(number, to: port) { listen(number, 64) == 0 }
  }

  /// Binds a free port without listening: connections to it are refused, and nobody else gets it until
  /// ``listener(port:)`` listens on it.
  package static func reserved() throws -> TCPSocket {
    let number = tcp()
    return try bound(number, to: 0) {
      // Only after binding, so that the port was nobody else's.
      setReuseAddress(number)
      return true
    }
  }

  /// Accepts the next connection of a listener.
  package func accept() -> TCPSocket? {
    let number = accept4(number, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
    return number < 0 ? nil : TCPSocket(number)
  }

  // MARK: Sending

  package func send(_ text: String) { send(Array(text.utf8)) }

  /// Sends all bytes; false if the connection ended.
  @discardableResult
  package func send(_ bytes: some Collection<UInt8>) -> Bool {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Copies available input to another socket; false if either ended.
  package func relay(to other: TCPSocket) -> Bool {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(number, &bytes, bytes.count, 0)
    return count > 0 && other.send(bytes.prefix(count))
  }

  // MARK: Receiving

  /// Reads until the other side closes or the time is up.
  package func readAll() -> String { read { _ in false } }

  /// Reads until a text occurred the given number of times.
  package func read(until mark: String, times: Int = 1) -> String {
    read { $0.components(separatedBy: mark).count > times }
  }

  private func read(_ isEnough: (String) -> Bool) -> String {
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 65536)
    while !isEnough(text) {
      let count = recv(number, &buffer, buffer.count, 0)
      guard count > 0 else { return text }
      text += String(decoding: buffer[..<count], as: UTF8.self)
    }
    return text
  }

  /// Whether the other side has closed the connection; pending input is discarded.
  package var isClosedByPeer: Bool {
    var bytes = [UInt8](repeating: 0, count: 1 << 12)
    let count = recv(number, &bytes, bytes.count, Int32(MSG_DONTWAIT))
    return count == 0 || (count < 0 && errno != EAGAIN)
  }

  /// The indices of the sockets that have input or ended, after 50 ms at most.
  package static func ready(_ sockets: [TCPSocket]) -> Set<Int> {
    var polls = sockets.map { pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0) }
    guard poll(&polls, nfds_t(polls.count), 50) > 0 else { return [] }
    return Set(polls.indices.filter { polls[$0].revents != 0 })
  }

  // MARK: Closing

  package func close() {
    let number = descriptor.exchange(-1, ordering: .relaxed)
    if number >= 0 { _ = Glibc.close(number) }
  }

  /// Shuts the sending side.
  package func finish() { _ = shutdown(number, Int32(SHUT_WR)) }

  /// Shuts both sides, which also ends another thread's wait for a connection or for input.
  package func end() { _ = shutdown(number, Int32(SHUT_RDWR)) }

  /// Closes with a reset: data on its way is lost.
  package func reset() {
    setLinger()
    close()
  }

  /// Resets the connection once input has arrived that stays unread.
  package func resetAfterInput() {
    var byte: UInt8 = 0
    _ = recv(number, &byte, 1, Int32(MSG_PEEK))
    setLinger()
    _ = shutdown(number, Int32(SHUT_RDWR))
  }

  // MARK: Private

  private static func tcp() -> Int32 {
    socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  }

  private static func withLoopback<Result>(
    port: Int, _ body: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> Result
  ) -> (result: Result, port: Int) {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
    }
    return (result, Int(in_port_t(bigEndian: address.sin_port)))
  }

  private func connect(to port: Int) -> Bool {
    Self.withLoopback(port: port) { Glibc.connect(number, $0, $1) == 0 }.result
  }

  private static func bound(
    _ number: Int32, to port: Int, _ prepare: () -> Bool
  ) throws -> TCPSocket {
    let (isBound, port) = withLoopback(port: port) { address, length in
      bind(number, address, length) == 0 && prepare() && getsockname(number, address, &length) == 0
    }
    guard isBound else {
      let error = POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
      _ = Glibc.close(number)
      throw error
    }
    return TCPSocket(number, port: port)
  }

  private static func setReuseAddress(_ number: Int32) {
    var on: Int32 = 1
    setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  private func setLinger() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(number, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  private func limitReads(seconds: Double) {
    var limit = timeval(tv_sec: Int(seconds), tv_usec: 0)
    setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }
}
