import Foundation
import Glibc

/// A server that runs one closure for each connection, in order; the last one serves all further
/// connections.
package final class ScriptedServer: Sendable {
  package let port: Int
  private let number: Int32

  package init(_ scripts: (@Sendable (TCPSocket) -> Void)...) {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(number, $0, length)
        _ = listen(number, 16)
        _ = getsockname(number, $0, &length)
      }
    }
    self.number = number
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread {
      for turn in 0... {
        let accepted = accept(number, nil, nil)
        guard accepted >= 0 else {
          // Not earlier: the descriptor could be that of another test's socket by now.
          _ = Glibc.close(number)
          return
        }
        scripts[min(turn, scripts.count - 1)](TCPSocket(accepted: accepted))
      }
    }.start()
  }

  deinit {
    _ = shutdown(number, Int32(SHUT_RDWR))
  }
}
