import CLinux
import Glibc
import HTTPTypes
import Kernel

/// A listening socket and its port.
struct Listener {
  let descriptor: Descriptor
  let port: Int

  init(_ text: String) throws(ListenError) {
    guard let address = SocketAddress(text) else { throw .notAnAddress(text) }
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let number = socket(address.family, kind, 0)
    guard number >= 0 else { throw ListenError(call: "socket", address: text) }
    descriptor = Descriptor(number)

    var on: Int32 = 1
    // A restart need not wait until the last connections time out. A failure shows in bind.
    _ = setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    guard address.withPointer({ bind(number, $0, $1) }) == 0 else {
      throw ListenError(call: "bind", address: text)
    }
    guard listen(number, 1024) == 0 else { throw ListenError(call: "listen", address: text) }
    guard let bound = SocketAddress(ofSocket: number) else {
      throw ListenError(call: "getsockname", address: text)
    }
    port = bound.port
  }

  /// Accepts a connection; nil with `errno` set if there is none.
  func accept() -> (Descriptor, Peer)? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let number = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        accept4(descriptor.number, $0, &length, flags)
      }
    }
    guard number >= 0 else { return nil }
    var on: Int32 = 1
    // A response is written at once: Nagle's algorithm would only delay it.
    _ = setsockopt(
      number, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    let client = SocketAddress(storage)
    return (Descriptor(number), Peer(host: client.host, port: client.port))
  }
}
