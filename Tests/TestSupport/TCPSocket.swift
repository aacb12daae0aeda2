import Foundation
import Glibc

/// A plain TCP connection to a local port, for input that no well-behaved client sends.
package final class TCPSocket: Sendable {
  private let number: Int32

  package init(port: Int, timeout: Double = 5) {
    number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    TCPSocket.limit(number, seconds: timeout)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    _ = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  package init(accepted: Int32) {
    number = accepted
    TCPSocket.limit(number, seconds: 5)
  }

  deinit {
    _ = Glibc.close(number)
  }

  package func send(_ text: String) { send(Array(text.utf8)) }

  package func send(_ bytes: [UInt8]) {
    _ = Glibc.send(number, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  /// Shuts the sending side.
  package func finish() { _ = shutdown(number, Int32(SHUT_WR)) }

  /// Closes with a reset, after input arrived that stays unread.
  package func reset() {
    var byte: UInt8 = 0
    _ = recv(number, &byte, 1, Int32(MSG_PEEK))
    var option = linger(l_onoff: 1, l_linger: 0)
    _ = setsockopt(number, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    _ = shutdown(number, Int32(SHUT_RDWR))
  }

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

  private static func limit(_ number: Int32, seconds: Double) {
    var limit = timeval(tv_sec: Int(seconds), tv_usec: 0)
    _ = setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }
}
