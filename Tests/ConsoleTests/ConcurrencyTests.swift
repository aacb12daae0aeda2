import Foundation
import Operations
import Setup
import Store
import TestHomes
import TestSupport
import Testing
import Values

@testable import Console

/// Requests at the same time.
struct ConcurrencyTests {
  @Test func pagesAreShownWhileConnectionTestsHang() throws {
    let fixture = try TestHome()
    let dead = try TCPSocket.listener(port: 0)
    try fixture.connect(port: dead.port)
    let browser = try Browser(fixture, as: .operator)
    try browser.get("/connections/b")
    let cookie = browser.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    let body = "csrf=\(try #require(browser.page?.token))"
    let tests = (0..<4).map { _ in TCPSocket(port: browser.server.port, timeout: 10) }
    for socket in tests {
      socket.send(
        "POST /connections/b/test HTTP/1.1\r\nHost: 127.0.0.1:\(browser.server.port)\r\nCookie: \(cookie)\r\n"
          + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
          + body)
    }
    // The dead app has the requests
    let held = tests.compactMap { _ in dead.accept() }
    #expect(held.count == 4)
    let start = WallClock.monotonic()
    for path in ["/", "/runs", "/connections", "/attention", "/runs.csv"] {
      #expect(try browser.get(path).status == 200)
    }
    #expect(WallClock.monotonic() - start < 2)
    for socket in held { socket.close() }
    dead.close()
    for socket in tests { #expect(socket.read(until: "</html>").contains("502 Bad Gateway")) }
  }

  @Test func oneAdministratorIsLeftHoweverManyGoAtOnce() throws {
    let fixture = try TestHome()
    let store = OperatorStore(home: fixture.home)
    let names = (0..<6).map { "ada\($0)" }
    for round in 0..<10 {
      for name in names where try store.find(name) == nil {
        _ = try store.add(name, role: .administrator, now: WallClock.system.now())
      }
      DispatchQueue.concurrentPerform(iterations: names.count) { index in
        if (round + index).isMultiple(of: 2) {
          try? store.remove(names[index])
        } else {
          _ = try? store.change(names[index], role: .viewer)
        }
      }
      #expect(try store.all().contains { $0.role == .administrator })
      for person in try store.all() where person.role == .viewer {
        _ = try store.change(person.name, role: .administrator)
      }
    }
  }

  @Test func linkSignsInOnceHoweverManyUseItAtOnce() throws {
    let fixture = try TestHome()
    _ = try OperatorStore(home: fixture.home).add(
      "ada", role: .viewer, now: WallClock.system.now())
    let sessions = SessionStore(home: fixture.home)
    let link = try sessions.makeLink(for: "ada", now: WallClock.system.now())
    let used = ConcurrentList<String>()
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      if let name = try? sessions.useLink(link, now: WallClock.system.now()) { used.add(name) }
    }
    #expect(used.all == ["ada"])
  }

  @Test func triesAtTheSameTimeAreThrottledTogether() {
    let throttle = Throttle()
    let begun = ConcurrentList<Int>()
    DispatchQueue.concurrentPerform(iterations: 40) { index in
      if throttle.begin(["name ada"]) == nil { begun.add(index) }
    }
    #expect(begun.all.count == 5)
    throttle.succeed("name ada")
    #expect(throttle.begin(["name ada"]) == nil)
  }
}
