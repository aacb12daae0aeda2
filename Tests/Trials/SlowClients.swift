import Foundation
import HTTPClient
import HTTPTypes
import Stage
import StepKit
import Values

/// Measures good webhooks beside a thousand connections that say next to nothing.
///
/// Half of them are silent, the others send a byte a second of a request that they never end; one that
/// the server ends is opened anew. They live in a process of their own, so that what is measured is the
/// server's work and not theirs. Quiet rounds and others take turns.
enum SlowClients {
  static let connections = 1000

  static func run(_ count: Int?) throws -> Tally {
    let tally = Tally()
    let rounds = 10
    let each = max((count ?? 4000) / (2 * rounds), 1)
    let stage = try Stage()
    defer { stage.close() }
    try stage.serve { _, port in
      var quiet: [Double] = []
      var beside: [Double] = []
      for round in 0..<rounds {
        quiet += try times(each, port, "quiet \(round)")
        let crowd = try Crowd(port: port)
        defer { crowd.end() }
        beside += try times(each, port, "beside \(round)")
      }
      let (calm, busy) = (part(0.99, of: quiet), part(0.99, of: beside))
      print("slow: quiet p50 \(ms(part(0.5, of: quiet))) ms, p99 \(ms(calm)) ms")
      print("slow: beside p50 \(ms(part(0.5, of: beside))) ms, p99 \(ms(busy)) ms")
      for _ in 1..<quiet.count + beside.count { tally.add([], "") }
      tally.add(busy <= 2 * calm ? [] : ["p99 is more than twice the quiet one"], "slow clients")
    }
    return tally
  }

  /// The seconds that good webhooks take.
  private static func times(_ count: Int, _ port: Int, _ what: String) throws -> [Double] {
    let client = CurlClient()
    return try (0..<count).map { number in
      let event: JSON = [
        "id": .string("\(what) \(number)"), "event_type": "plan_created", "content": [:],
      ]
      let request = ClientRequest(
        "POST", "http://127.0.0.1:\(port)/hooks/chargebee",
        headers: ["Authorization": Canary.authorization], body: event.bytes)
      let response = try client.send(request)
      guard response.status == 200 else { throw POSIXError(.EPROTO) }
      return response.seconds
    }
  }

  /// What such a part of them does not exceed.
  private static func part(_ part: Double, of seconds: [Double]) -> Double {
    seconds.sorted()[Int(Double(seconds.count) * part)]
  }

  private static func ms(_ seconds: Double) -> Double { (seconds * 100_000).rounded() / 100 }
}

/// The slow clients, in a process of their own: this program, called otherwise.
struct Crowd {
  private let process = Process()

  /// Starts them, and waits until all are connected.
  init(port: Int) throws {
    let pipe = Pipe()
    process.executableURL = URL(filePath: CommandLine.arguments[0])
    process.arguments = ["crowd", "\(port)"]
    process.standardOutput = pipe
    try process.run()
    _ = try pipe.fileHandleForReading.read(upToCount: 1)
  }

  func end() {
    process.terminate()
    process.waitUntilExit()
  }

  /// What the process does, until it is ended.
  static func play(port: Int) -> Never {
    let request = Array("POST /hooks/chargebee HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".utf8)
    var lines = (0..<SlowClients.connections).map { _ in Line.connection(port: port) }
    var sent = lines.map { _ in 0 }
    print("+")
    fflush(nil)
    while true {
      // One after another, so that each sends a byte a second, and not all at once.
      for index in lines.indices {
        usleep(UInt32(1_000_000 / lines.count))
        if let line = lines[index], line.isEnded {
          line.close()
          lines[index] = nil
        }
        guard let line = lines[index] else {
          lines[index] = Line.connection(port: port)
          sent[index] = 0
          continue
        }
        guard index.isMultiple(of: 2) else { continue }
        let byte = sent[index] < request.count ? request[sent[index]] : UInt8(ascii: "a")
        line.send([byte])
        sent[index] += 1
      }
    }
  }
}
