import CLinux
import Foundation
import HTTPClient

/// Sends webhooks over kept connections, each with ids of its own, from a process of its own: it
/// shares no lock and no allocator with what is measured.
///
///     bench load PORT CONNECTIONS SECONDS COUNT FIRST REQUEST-FILE
final class Load {
  /// What came of it.
  struct Result: Codable {
    /// How many were answered 200.
    var count = 0
    /// How many were answered something else, or not.
    var failed = 0
    var seconds = 0.0
    var p50 = 0.0
    var p99 = 0.0

    var perSecond: Double { Double(count) / max(seconds, 1e-9) }
  }

  private var request: [UInt8]
  private let marks: [Int]
  private let until: Double
  private var next: Int
  private var left: Int
  private var clients: [Int32: Client] = [:]
  private var latencies: [Double] = []
  private var result = Result()

  /// One connection.
  private final class Client {
    let socket: Int32
    var sentAt = 0.0
    var answer: [UInt8] = []

    init(_ socket: Int32) { self.socket = socket }
  }

  private init(request: [UInt8], seconds: Double, count: Int, first: Int) {
    let mark = Array(Webhook.mark.utf8)
    marks = request.indices.filter { request[$0...].starts(with: mark) }
    self.request = request
    until = now() + seconds
    next = first
    left = count
  }

  /// The words of the command line; the result goes to standard output.
  static func main(_ words: [String]) throws {
    guard words.count == 6, let port = UInt16(words[0]), let connections = Int(words[1]),
      let seconds = Double(words[2]), let count = Int(words[3]), let first = Int(words[4]),
      let request = FileManager.default.contents(atPath: words[5])
    else { throw BenchError(64, "load PORT CONNECTIONS SECONDS COUNT FIRST REQUEST-FILE") }
    let load = Load(request: Array(request), seconds: seconds, count: count, first: first)
    let result = try load.run(port: port, connections: connections)
    print(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
  }

  private func run(port: UInt16, connections: Int) throws -> Result {
    let poll = epoll_create1(0)
    defer { close(poll) }
    for _ in 0..<connections {
      let client = Client(try Self.connect(port: port))
      var event = epoll_event()
      event.events = UInt32(EPOLLIN.rawValue)
      event.data.fd = client.socket
      guard epoll_ctl(poll, EPOLL_CTL_ADD, client.socket, &event) == 0 else {
        throw BenchError(71, "epoll_ctl: \(String(cString: strerror(errno)))")
      }
      clients[client.socket] = client
    }
    let start = now()
    for client in clients.values { send(client) }
    var events = [epoll_event](repeating: epoll_event(), count: connections)
    while !clients.isEmpty {
      let count = epoll_wait(poll, &events, Int32(connections), 10_000)
      guard count > 0 else { break }
      for event in events.prefix(Int(count)) {
        if let client = clients[event.data.fd] { hear(client) }
      }
    }
    result.failed += clients.count
    result.seconds = now() - start
    result.p50 = latencies.median
    result.p99 = latencies.quantile(0.99)
    return result
  }

  /// Sends the next webhook, or ends the connection where it is enough.
  private func send(_ client: Client) {
    client.sentAt = now()
    guard left > 0, client.sentAt < until else { return end(client) }
    left -= 1
    let digits = Array(Webhook.digits(next).utf8)
    next += 1
    for mark in marks { request.replaceSubrange(mark..<mark + digits.count, with: digits) }
    let sent = Foundation.send(client.socket, request, request.count, Int32(MSG_NOSIGNAL))
    if sent < request.count { fail(client) }
  }

  private func hear(_ client: Client) {
    var part = [UInt8](repeating: 0, count: 4096)
    let count = recv(client.socket, &part, part.count, 0)
    guard count > 0 else { return fail(client) }
    client.answer += part[..<count]
    guard Self.isWhole(client.answer) else { return }
    latencies.append(now() - client.sentAt)
    if client.answer.starts(with: Array("HTTP/1.1 200".utf8)) {
      result.count += 1
    } else {
      result.failed += 1
    }
    client.answer.removeAll(keepingCapacity: true)
    send(client)
  }

  private func fail(_ client: Client) {
    result.failed += 1
    end(client)
  }

  private func end(_ client: Client) {
    clients[client.socket] = nil
    close(client.socket)
  }

  /// Whether an answer has all the bytes that its Content-Length says.
  private static func isWhole(_ answer: [UInt8]) -> Bool {
    let name = Array("\r\ncontent-length: ".utf8)
    var line = 0
    var length = 0
    while let end = answer[line...].firstIndex(of: 0x0A) {
      if end - line == 1 { return answer.count >= end + 1 + length }
      let bytes = answer[line..<end]
      if bytes.count > name.count - 2, zip(bytes, name[2...]).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
      {
        length = bytes.dropFirst(name.count - 2).reduce(0) {
          (48...57).contains($1) ? $0 * 10 + Int($1) - 48 : $0
        }
      }
      line = end + 1
    }
    return false
  }

  private static func connect(port: UInt16) throws -> Int32 {
    let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      throw BenchError(69, "connect: \(String(cString: strerror(errno)))")
    }
    var on: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    _ = setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)  // Only speed is lost.
    return socket
  }
}

extension Load {
  /// Loads a server from another process, and waits for the result.
  static func result(
    _ request: [UInt8], at port: Int, connections: Int, seconds: Double, count: Int = .max,
    first: Int, in folder: String
  ) throws -> Result {
    let file = "\(folder)/request"
    _ = FileManager.default.createFile(atPath: file, contents: Data(request))
    let words = ["\(port)", "\(connections)", "\(seconds)", "\(count)", "\(first)", file]
    let load = try Spawn.run(["/proc/self/exe", "load"] + words)
    guard load.status == 0 else { throw BenchError(70, "the load ended with \(load.status)") }
    return try JSONDecoder().decode(Result.self, from: Data(load.said))
  }
}
