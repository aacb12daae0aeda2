import Glibc

/// Sends HTTP/1.1 requests to a server on this machine, one connection each.
///
/// This is not libcurl on purpose: the program that runs before a step must start wherever the
/// step does. libcurl would be a shared library, a program that has one is linked to the glibc it
/// was built with, and Lambda's is older than Debian's. The engine's API is plain HTTP on a numeric
/// address, with no name to look up, no proxy and no TLS.
struct Loopback {
  /// `127.0.0.1:9001`, as it stands in the Host header.
  let host: String
  private let address: sockaddr_in

  /// Reads `127.0.0.1:9001` or `localhost:9001`.
  init(_ host: String) throws(Fault) {
    self.host = host
    let parts = host.split(separator: ":", omittingEmptySubsequences: false)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    guard parts.count == 2, let port = UInt16(parts[1]),
      inet_pton(
        AF_INET, parts[0] == "localhost" ? "127.0.0.1" : String(parts[0]), &address.sin_addr)
        == 1
    else { throw Fault(.engine, "\"\(host)\" is not an address such as 127.0.0.1:9001") }
    address.sin_port = port.bigEndian
    self.address = address
  }

  /// Sends a request and waits for the whole answer.
  ///
  /// The server may be silent for so many seconds, nil for as long as it likes. The path holds
  /// nothing that must be encoded.
  func send(
    _ method: String, _ path: String, headers: [(name: String, value: String)] = [],
    body: [UInt8]? = nil, patience seconds: Int?
  ) throws(Fault) -> HTTPAnswer {
    let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard connection >= 0 else { throw Self.broken("socket") }
    defer { _ = close(connection) }  // the answer is read or given up
    if let seconds {
      var time = timeval(tv_sec: seconds, tv_usec: 0)
      let size = socklen_t(MemoryLayout<timeval>.size)
      for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
        _ = setsockopt(connection, SOL_SOCKET, option, &time, size)  // without it, we wait longer
      }
    }
    try connect(connection)
    var text = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n"
    for header in headers { text += "\(header.name): \(header.value)\r\n" }
    if let body { text += "Content-Length: \(body.count)\r\n" }
    try write(Array("\(text)\r\n".utf8) + (body ?? []), to: connection)
    return try answer(from: connection)
  }

  // MARK: Private

  private func connect(_ connection: Int32) throws(Fault) {
    let result = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Self.broken("connect to \(host)") }
  }

  private func write(_ bytes: [UInt8], to connection: Int32) throws(Fault) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.broken("send to \(host)") }
      rest = rest.dropFirst(count)
    }
  }

  private func answer(from connection: Int32) throws(Fault) -> HTTPAnswer {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = part.withUnsafeMutableBytes { recv(connection, $0.baseAddress, $0.count, 0) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.broken("receive from \(host)") }
      bytes += part.prefix(count)
      if let answer = try HTTPAnswer(bytes, isOver: count == 0) { return answer }
    }
  }

  private static func broken(_ call: String) -> Fault {
    Fault(.engine, "cannot \(call): \(String(cString: strerror(errno)))")
  }
}
