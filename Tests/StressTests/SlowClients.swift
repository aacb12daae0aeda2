import EndToEndSupport
import Foundation
import HTTPClient
import HTTPTypes
import StepKit
import Values

/// Measures webhooks while a thousand slow clients are connected, and without them, in turns.
///
/// Half of the clients are silent, the others send a byte per second of a request that they never end.
/// A connection that the server closes is opened again. The clients run in another process, so that
/// only the server's work is measured.
enum SlowClients {
  static let connections = 1000

  static func run(_ count: Int?) throws -> Tally {
    let tally = Tally()
    let rounds = 10
    let each = max((count ?? 4000) / (2 * rounds), 1)
    let fixture = try EndToEnd()
    defer { fixture.close() }
    try fixture.serve { _, port in
      var quiet: [Double] = []
      var beside: [Double] = []
      for round in 0..<rounds {
        quiet += try times(each, port, "quiet \(round)")
        let crowd = try SlowClientCrowd(port: port)
        defer { crowd.end() }
        beside += try times(each, port, "beside \(round)")
      }
      let (calm, busy) = (quantile(0.99, of: quiet), quantile(0.99, of: beside))
      print("slow: quiet p50 \(ms(quantile(0.5, of: quiet))) ms, p99 \(ms(calm)) ms")
      print("slow: beside p50 \(ms(quantile(0.5, of: beside))) ms, p99 \(ms(busy)) ms")
      for _ in 1..<quiet.count + beside.count { tally.add([], "") }
      tally.add(busy <= 2 * calm ? [] : ["p99 is more than twice the quiet one"], "slow clients")
    }
    return tally
  }

  /// The durations of a number of webhooks, in seconds.
  private static func times(_ count: Int, _ port: Int, _ name: String) throws -> [Double] {
    let client = CurlClient()
    return try (0..<count).map { number in
      let event: JSON = [
        "id": .string("\(name) \(number)"), "event_type": "plan_created", "content": [:],
      ]
      let request = ClientRequest(
        "POST", "http://127.0.0.1:\(port)/hooks/chargebee",
        headers: ["Authorization": Canary.authorization], body: event.bytes)
      let response = try client.send(request)
      guard response.status == 200 else { throw POSIXError(.EPROTO) }
      return response.seconds
    }
  }

  /// A quantile, such as 0.99 for p99.
  private static func quantile(_ part: Double, of seconds: [Double]) -> Double {
    seconds.sorted()[Int(Double(seconds.count) * part)]
  }

  private static func ms(_ seconds: Double) -> Double { (seconds * 100_000).rounded() / 100 }
}
