import Foundation
import HTTP
import Stage
import Step

/// Measures good webhooks beside a thousand connections that say next to nothing.
enum SlowClients {
  static func run(_ count: Int?) throws -> Tally {
    let tally = Tally()
    let stage = try Stage()
    defer { stage.close() }
    try stage.serve { _, port in
      let quiet = try times(count ?? 2000, port, "quiet")
      let slow = try (0..<1000).map { number in
        let socket = try Socket(port: port)
        if number.isMultiple(of: 2) { socket.send("POST /hooks/chargebee HTTP/1.1\r\nHost: x\r\n") }
        return socket
      }
      let drip = Thread {
        for byte in 0..<200 {
          for socket in slow where !socket.isClosed { socket.send(byte == 0 ? "X" : "a") }
          Thread.sleep(forTimeInterval: 0.05)
        }
      }
      drip.start()
      let beside = try times(count ?? 2000, port, "beside 1,000 slow clients")
      for socket in slow { socket.close() }
      let isGood = beside <= max(2 * quiet, quiet + 0.001)
      tally.add(isGood ? [] : ["p99 \(beside) s beside \(quiet) s"], "slow clients")
    }
    return tally
  }

  /// The 99th percentile of the seconds that good webhooks take.
  private static func times(_ count: Int, _ port: Int, _ what: String) throws -> Double {
    let client = Client()
    let pair = Data("meterbridge:hook-password".utf8).base64EncodedString()
    var seconds: [Double] = []
    for number in 0..<count {
      let event: JSON = [
        "id": .string("\(what) \(number)"), "event_type": "plan_created", "content": [:],
      ]
      let request = ClientRequest(
        "POST", "http://127.0.0.1:\(port)/hooks/chargebee",
        headers: ["Authorization": "Basic \(pair)"], body: event.bytes)
      seconds.append(try client.send(request).seconds)
    }
    seconds.sort()
    let p99 = seconds[count * 99 / 100]
    print("slow: \(what): p50 \(ms(seconds[count / 2])) ms, p99 \(ms(p99)) ms")
    return p99
  }

  private static func ms(_ seconds: Double) -> Double { (seconds * 100_000).rounded() / 100 }
}

/// A plain connection.
final class Socket: @unchecked Sendable {
  private var descriptor: Int32

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw POSIXError(.ECONNREFUSED) }
  }

  var isClosed: Bool { descriptor < 0 }

  func send(_ text: String) {
    _ = Foundation.send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL))
  }

  func close() {
    _ = Foundation.close(descriptor)
    descriptor = -1
  }
}
