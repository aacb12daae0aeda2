import Dispatcher
import Foundation
import HTTPServer
import HTTPTypes
import Records
import Setup
import TestHomes
import Testing
import Values

/// What an answer to a webhook costs.
@Suite(.serialized)
struct WebhookTimingTests {
  /// Wrong passwords cost as much at a connection that exists as at one that does not, or has no webhooks.
  @Test func timeDoesNotTellWhichConnectionsThereAre() throws {
    let fixture = try TestHome()
    try fixture.connect()
    let handler = WebhookHandler(
      registry: fixture.registry, clock: .system, order: AcceptanceOrder(), instruments: nil,
      report: { _ in }, isFull: { false })
    let names = ["a", "b", "n"]
    let requests = try names.map { name in
      try #require(
        Request("POST", "/hooks/\(name)", headers: ["Authorization": "Basic dXNlcjp3cm9uZw=="]))
    }
    // A right password before: what is remembered of it must not tell either.
    let right = Data("meterbridge:\(TestHome.password)".utf8).base64EncodedString()
    let good = try #require(
      Request(
        "POST", "/hooks/a", headers: ["Authorization": "Basic \(right)"], body: Array("{".utf8)))
    #expect(handler.answer([good]).responses.map(\.status) != [401])
    var costs = requests.map { _ in [Int]() }
    for round in 0..<3000 {
      for offset in names.indices {
        let index = (offset + round) % names.count
        let start = Self.processorTime()
        let answered = handler.answer([requests[index]])
        costs[index].append(Self.processorTime() - start)
        #expect(answered.responses[0].status == 401)
      }
    }
    let medians = costs.map { $0.sorted()[$0.count / 2] }
    let (least, most) = (try #require(medians.min()), try #require(medians.max()))
    #expect(Double(most) / Double(least) < 1.1, "medians of \(names) in ns: \(medians)")
  }

  /// The processor time of this thread in nanoseconds: what other processes do does not count.
  private static func processorTime() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
