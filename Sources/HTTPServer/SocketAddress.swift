import Glibc

/// An IP address and a port, in the form of the socket calls.
struct SocketAddress {
  private var storage: sockaddr_storage

  init(_ storage: sockaddr_storage) {
    self.storage = storage
  }

  /// Parses `127.0.0.1:8787`, `[::1]:8787` or `localhost:8787`; no name is looked up.
  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    var host = String(text[..<colon])
    if host == "localhost" { host = "127.0.0.1" }
    if host.hasPrefix("["), host.hasSuffix("]") {
      self.init(v6: String(host.dropFirst().dropLast()), port: port)
    } else {
      self.init(v4: host, port: port)
    }
  }

  /// The address to which a socket is bound.
  init?(ofSocket number: Int32) {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let outcome = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &length) }
    }
    guard outcome == 0 else { return nil }
    self.storage = storage
  }

  var family: Int32 { Int32(storage.ss_family) }

  var peer: Peer {
    withUnsafeBytes(of: storage) { bytes in
      if family == AF_INET6 {
        let address = bytes.load(as: sockaddr_in6.self)
        return Peer(
          host: Self.text(address.sin6_addr, family),
          port: Int(UInt16(bigEndian: address.sin6_port)))
      }
      let address = bytes.load(as: sockaddr_in.self)
      return Peer(
        host: Self.text(address.sin_addr, family), port: Int(UInt16(bigEndian: address.sin_port)))
    }
  }

  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    let size = family == AF_INET6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
    return withUnsafePointer(to: storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(size)) }
    }
  }

  // MARK: Private

  private init?(v4 host: String, port: UInt16) {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return nil }
    self.init(holding: address)
  }

  private init?(v6 host: String, port: UInt16) {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = port.bigEndian
    guard inet_pton(AF_INET6, host, &address.sin6_addr) == 1 else { return nil }
    self.init(holding: address)
  }

  private init<Address>(holding address: Address) {
    storage = sockaddr_storage()
    withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: Address.self) }
  }

  private static func text<Address>(_ address: Address, _ family: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let isGood = withUnsafePointer(to: address) {
      inet_ntop(family, $0, &buffer, socklen_t(buffer.count)) != nil
    }
    let end = buffer.firstIndex(of: 0) ?? 0
    guard isGood else { return "" }
    return String(decoding: buffer[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
