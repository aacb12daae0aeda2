package import Glibc

/// An IP address: 4 bytes for IPv4, 16 bytes for IPv6.
package struct IPAddress: Equatable {
  package let bytes: [UInt8]

  /// Parses the standard notation, such as `192.0.2.1` or `2001:db8::1`; no name is looked up.
  package init?(_ text: String) {
    for (family, size) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: size)
      guard inet_pton(family, text, &bytes) == 1 else { continue }
      self.bytes = bytes
      return
    }
    return nil
  }

  /// The address of a socket address; nil for another family.
  package init?(_ address: UnsafePointer<sockaddr>) {
    let raw = UnsafeRawPointer(address)
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      bytes = withUnsafeBytes(of: raw.load(as: sockaddr_in.self).sin_addr) { Array($0) }
    case AF_INET6:
      bytes = withUnsafeBytes(of: raw.load(as: sockaddr_in6.self).sin6_addr) { Array($0) }
    default: return nil
    }
  }

  /// The address in the standard notation.
  package var text: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "?" }
    return text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "?" }
  }
}

extension IPAddress {
  /// Whether it is in 127.0.0.0/8, or is `::1`; an IPv4 address mapped into IPv6 is neither.
  package var isLoopback: Bool {
    bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
  }

  /// The IPv4 address that is mapped into this IPv6 one (`::ffff:192.0.2.1`), else the address itself.
  package var unmapped: IPAddress {
    bytes.count == 16 && Self.mapped.holds(bytes) ? IPAddress(bytes: Array(bytes[12...])) : self
  }

  /// Whether it is globally reachable, by IANA's registries of special-purpose addresses.
  ///
  /// An IPv6 address that embeds an IPv4 address is public if that one is.
  package var isPublic: Bool {
    if bytes.count == 4 { return !Self.special4.contains { $0.holds(bytes) } }
    if let inner = embedded { return inner.isPublic }
    return Self.global6.holds(bytes) && !Self.special6.contains { $0.holds(bytes) }
  }

  /// The IPv4 address embedded in a mapped, a NAT64 or a 6to4 address.
  private var embedded: IPAddress? {
    if Self.mapped.holds(bytes) || Self.translated.holds(bytes) {
      return IPAddress(bytes: Array(bytes[12...]))
    }
    return Self.tunnelled.holds(bytes) ? IPAddress(bytes: Array(bytes[2..<6])) : nil
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// A block of addresses: those that begin with the same bits.
  private struct Block {
    let start: [UInt8]
    let bits: Int

    init(_ bits: Int, _ start: UInt8...) { (self.start, self.bits) = (start, bits) }

    func holds(_ bytes: [UInt8]) -> Bool {
      (0..<(bits + 7) / 8).allSatisfy { index in
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> min(8, bits - index * 8))
        let start = index < start.count ? start[index] : 0
        return bytes[index] & mask == start & mask
      }
    }
  }

  private static let special4 = [
    Block(8, 0), Block(8, 10), Block(10, 100, 64), Block(8, 127), Block(16, 169, 254),
    Block(12, 172, 16), Block(24, 192, 0, 0), Block(24, 192, 0, 2), Block(24, 192, 88, 99),
    Block(16, 192, 168), Block(15, 198, 18), Block(24, 198, 51, 100), Block(24, 203, 0, 113),
    Block(4, 224), Block(4, 240),
  ]
  private static let global6 = Block(3, 0x20)
  private static let special6 = [
    Block(23, 0x20, 0x01), Block(32, 0x20, 0x01, 0x0D, 0xB8), Block(20, 0x3F, 0xFF),
  ]
  private static let mapped = Block(96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF)
  private static let translated = Block(96, 0, 0x64, 0xFF, 0x9B)
  private static let tunnelled = Block(16, 0x20, 0x02)
}
