import Testing

@testable import HTTPServer

/// Requests with reproducible random damage.
@Suite struct NoiseTests {
  private static let good = [
    "GET /a%20b?x=1 HTTP/1.1\r\nHost: h\r\n\r\n",
    "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
    "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;e=1\r\nabc\r\n0\r\nT: t\r\n\r\n",
    "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
  ]

  /// Request smuggling requires that a parser's result depends on how input is split.
  @Test func parserResultDoesNotDependOnTheChunks() {
    var random = Random()
    for _ in 0..<3000 {
      var bytes = (0..<3).flatMap { _ in Array(Self.good[random.below(4)].utf8) }
      for _ in 0..<random.below(3) {
        let index = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes[index] = UInt8(random.below(256))
        case 1: bytes.remove(at: index)
        default: bytes.insert(Array("\r\n :;0a".utf8)[random.below(7)], at: index)
        }
      }
      let whole = Self.events([bytes[...]])
      let first = random.below(bytes.count)
      let second = first + random.below(bytes.count - first)
      let parts = [bytes[..<first], bytes[first..<second], bytes[second...]]
      #expect(Self.events(parts) == whole, "\(String(decoding: bytes, as: UTF8.self))")
    }
  }

  private static func events(_ parts: [ArraySlice<UInt8>]) -> [String] {
    var parser = RequestParser(limits: ServerLimits(), peer: Peer(host: "", port: 0))
    var events: [String] = []
    for part in parts {
      parser.append(part)
      while let event = parser.next() {
        switch event {
        case .request(let request, let keepsAlive):
          events.append("\(request.method) \(request.target) \(request.body) \(keepsAlive)")
        case .continueExpected: break
        case .failed(let error): events.append("\(error.status) \(error.reason)")
        }
        if case .failed = event { return events }
      }
    }
    return events
  }

  private struct Random {
    private var state: UInt64 = 1

    mutating func below(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(1, limit)
    }
  }
}
