import CLinux
import Foundation

/// A socket on this machine, without any protocol.
public struct Line: Sendable {
  /// Its descriptor.
  let number: Int32
  /// The port that it is bound to, for a listener.
  public internal(set) var port = 0

  private static func tcp() -> Int32 {
    socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  }

  private static func address(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private static func withPointer<Result>(
    _ address: inout sockaddr_in,
    _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
  ) -> Result {
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
    }
  }

  /// Listens on a port that is kept.
  static func listener(port: Int) throws -> Line {
    let number = tcp()
    share(number)
    return try bound(number, to: port) { listen(number, 64) == 0 }
  }

  /// Keeps a port without listening, so that connections are refused where nobody listens on it, and
  /// nobody else is given it meanwhile; port 0 takes a free one.
  public static func keeper(port: Int) throws -> Line {
    let number = tcp()
    // Only then, so that it is nobody else's
    return try bound(number, to: port) {
      share(number)
      return true
    }
  }

  /// Lets the one who keeps a port and the one who listens on it have it both.
  private static func share(_ number: Int32) {
    var on: Int32 = 1
    setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func bound(
    _ number: Int32, to port: Int, _ then: () -> Bool
  ) throws -> Line {
    var address = address(port)
    guard withPointer(&address, { bind(number, $0, $1.pointee) }) == 0, then(),
      withPointer(&address, { getsockname(number, $0, $1) }) == 0
    else {
      let error = POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
      _ = Foundation.close(number)
      throw error
    }
    return Line(number: number, port: Int(in_port_t(bigEndian: address.sin_port)))
  }

  /// A connection to a port of this machine, or nil where nobody listens.
  public static func connection(port: Int) -> Line? {
    let number = tcp()
    var address = address(port)
    guard withPointer(&address, { connect(number, $0, $1.pointee) }) == 0 else {
      _ = Foundation.close(number)
      return nil
    }
    return Line(number: number)
  }

  /// Takes the next guest of a listener.
  func accept() -> Line? {
    let guest = accept4(number, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
    return guest < 0 ? nil : Line(number: guest)
  }

  /// The descriptors that have something to read, after a twentieth of a second at most.
  static func ready(_ lines: [Line]) -> Set<Int32> {
    var polls = lines.map { pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0) }
    guard poll(&polls, nfds_t(polls.count), 50) > 0 else { return [] }
    return Set(polls.filter { $0.revents != 0 }.map(\.fd))
  }

  /// Whether the other side has ended it; what it said is thrown away.
  public var isEnded: Bool {
    var bytes = [UInt8](repeating: 0, count: 1 << 12)
    let count = recv(number, &bytes, bytes.count, Int32(MSG_DONTWAIT))
    return count == 0 || (count < 0 && errno != EAGAIN)
  }

  /// Passes on what there is; false at the end of either line.
  func pass(to other: Line) -> Bool {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(number, &bytes, bytes.count, 0)
    guard count > 0 else { return false }
    return other.send(bytes.prefix(count))
  }

  /// Sends all of some bytes; false at the end of the line.
  @discardableResult public func send(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Ends it in good order.
  public func close() { _ = Foundation.close(number) }

  /// Ends it with a reset: what is on its way is lost.
  func reset() {
    var hard = linger(l_onoff: 1, l_linger: 0)
    setsockopt(number, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    close()
  }
}
