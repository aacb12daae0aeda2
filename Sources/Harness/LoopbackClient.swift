import Glibc
import HTTPTypes
import Kernel

/// An HTTP/1.1 client for a server on this machine; each request has a connection of its own.
///
/// It does not use libcurl, so that this program links statically and runs wherever the step does.
/// An engine's API is plain HTTP at a numeric address, without names, proxies or TLS.
struct LoopbackClient {
  /// The value of the Host header, such as `127.0.0.1:9001`.
  let host: String
  private let address: SocketAddress

  /// Parses a host such as `127.0.0.1:9001` or `localhost:9001`.
  init(_ host: String) throws(InvocationError) {
    guard let address = SocketAddress(host) else {
      throw InvocationError(.engine, "\"\(host)\" is not an address such as 127.0.0.1:9001")
    }
    (self.host, self.address) = (host, address)
  }

  /// Sends a request and waits for the whole response.
  ///
  /// The path must be percent-encoded. The timeout is the number of seconds for which the server may be
  /// silent; nil for no limit.
  func send(
    _ method: String, _ path: String, headers: [(name: String, value: String)] = [],
    body: [UInt8]? = nil, timeout: Int?
  ) throws(InvocationError) -> HTTPResponse {
    let socket = Descriptor(
      Glibc.socket(
        address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
    let connection = socket.number
    guard !socket.isClosed else { throw Self.failure("socket") }
    defer { socket.close() }
    if let timeout { Self.limit(connection, to: timeout) }
    guard address.withPointer({ connect(connection, $0, $1) }) == 0 else {
      throw Self.failure("connect to \(host)")
    }
    var text = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n"
    for header in headers { text += "\(header.name): \(header.value)\r\n" }
    if let body { text += "Content-Length: \(body.count)\r\n" }
    guard writeAll(Array("\(text)\r\n".utf8) + (body ?? []), to: connection) == nil else {
      throw Self.failure("send to \(host)")
    }
    return try response(from: connection)
  }

  // MARK: Private

  private static func limit(_ connection: Int32, to seconds: Int) {
    var time = timeval(tv_sec: seconds, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      _ = setsockopt(connection, SOL_SOCKET, option, &time, size)  // if it fails, there is no limit
    }
  }

  private func response(from connection: Int32) throws(InvocationError) -> HTTPResponse {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = part.withUnsafeMutableBytes { recv(connection, $0.baseAddress, $0.count, 0) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure("receive from \(host)") }
      bytes += part.prefix(count)
      if let response = try HTTPResponse(bytes, isOver: count == 0) { return response }
    }
  }

  private static func failure(_ call: String) -> InvocationError {
    InvocationError(.engine, "cannot \(call): \(String(cString: strerror(errno)))")
  }
}
