import HTTPTypes
import Synchronization
import Testing

@testable import HTTPServer

/// Failed sign-ins are slowed down by address.
struct FailureThrottleTests {
  private func request(_ host: String, _ headers: Headers = [:]) throws -> Request {
    try #require(Request("POST", "/", headers: headers, peer: Peer(host: host, port: 1)))
  }

  @Test func eachFailureDoublesTheDelay() throws {
    let throttle = FailureThrottle(uptime: { 0 })
    let request = try request("93.184.216.1")
    let delays = (1...12).map { _ in throttle.delay(afterFailureOf: request) }
    #expect(delays == [0, 0, 0, 0.25, 0.5, 1, 2, 4, 8, 8, 8, 8])
    #expect(throttle.slowed == 9)
    #expect(try throttle.delay(afterFailureOf: self.request("93.184.216.2")) == 0)
  }

  @Test func failuresAreForgotten() throws {
    let time = Mutex(0.0)
    let throttle = FailureThrottle(uptime: { time.withLock { $0 } })
    let request = try request("93.184.216.1")
    for _ in 1...9 { _ = throttle.delay(afterFailureOf: request) }
    time.withLock { $0 = 601 }
    #expect(throttle.delay(afterFailureOf: request) == 0)
  }

  @Test func addressBehindAProxyIsTakenFromTheNamedHeader() throws {
    let throttle = FailureThrottle(header: "X-Forwarded-For")
    func address(_ value: String) throws -> String? {
      throttle.address(of: try request("10.0.0.1", ["X-Forwarded-For": value]))
    }
    #expect(try address("203.0.113.9") == "203.0.113.9")
    #expect(try address("1.2.3.4, 203.0.113.9") == "203.0.113.9", "the proxy adds the last")
    #expect(try address("::ffff:203.0.113.9") == "203.0.113.9")
    #expect(try address("unknown") == nil)
    #expect(throttle.address(of: try request("10.0.0.1")) == nil)
  }

  @Test(arguments: ["127.0.0.1", "10.1.2.3", "192.168.1.1", "fd00::1"])
  func proxyIsNotOneClient(host: String) throws {
    let throttle = FailureThrottle()
    #expect(throttle.address(of: try request(host)) == nil)
    let forwarded = try request("93.184.216.1", ["X-Forwarded-For": "198.51.100.7"])
    #expect(throttle.address(of: forwarded) == nil)
  }

  @Test func addressesAreNotRememberedWithoutEnd() throws {
    let throttle = FailureThrottle(uptime: { 0 })
    for number in 0..<30_000 {
      let host = "2a00:\(String(number, radix: 16))::1"
      _ = throttle.delay(afterFailureOf: try request(host))
    }
    #expect(throttle.slowed == 0)
  }
}
