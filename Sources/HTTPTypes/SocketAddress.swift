package import Glibc

/// An IP address and a port, in the form of the socket calls.
package struct SocketAddress {
  private var storage: sockaddr_storage

  /// An address as a socket call returned it.
  package init(_ storage: sockaddr_storage) { self.storage = storage }

  /// Parses `127.0.0.1:8787`, `[::1]:8787` or `localhost:8787`; no name is looked up.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    var host = String(text[..<colon])
    if host == "localhost" { host = "127.0.0.1" }
    let isV6 = host.hasPrefix("[") && host.hasSuffix("]")
    if isV6 { host = String(host.dropFirst().dropLast()) }
    guard let bytes = IPAddress(host)?.bytes, bytes.count == (isV6 ? 16 : 4) else { return nil }
    storage = sockaddr_storage()
    if isV6 {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = port.bigEndian
      address.sin6_addr = bytes.withUnsafeBytes { $0.loadUnaligned(as: in6_addr.self) }
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_in6.self) }
    } else {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr = bytes.withUnsafeBytes { $0.loadUnaligned(as: in_addr.self) }
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_in.self) }
    }
  }

  /// The address to which a socket is bound.
  package init?(ofSocket number: Int32) {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let outcome = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &length) }
    }
    guard outcome == 0 else { return nil }
    self.storage = storage
  }

  /// The address family: `AF_INET` or `AF_INET6`.
  package var family: Int32 { Int32(storage.ss_family) }

  /// The numeric IP address, without brackets.
  package var host: String { withPointer { address, _ in IPAddress(address)?.text ?? "" } }

  /// The port, which has the same place in both families.
  package var port: Int {
    Int(UInt16(bigEndian: withUnsafeBytes(of: storage) { $0.load(as: sockaddr_in.self).sin_port }))
  }

  /// Passes the address to a socket call.
  package func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result
  {
    let size = family == AF_INET6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
    return withUnsafePointer(to: storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(size)) }
    }
  }
}
