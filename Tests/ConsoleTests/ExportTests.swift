import Foundation
import HTTPServer
import HTTPTypes
import Operations
import Records
import Setup
import Store
import TestHomes
import TestSupport
import Testing
import Values

@testable import Console

/// Files of comma-separated values, whole however long they are, and in little memory.
struct ExportTests {
  private static let count = 2300

  /// A home with many runs, events, links and entries of the audit log.
  private static func fullHome() throws -> TestHome {
    let fixture = try TestHome()
    let now = WallClock.system.now()
    _ = try fixture.home.store.commit(
      (0..<count).flatMap { number -> [Change] in
        let at = now.adding(seconds: number - count)
        let key = StoreKey.event.key("alpha:one/e\(number)")
        let name = (try? Identifier.make("run", at: at, number: 0, name: key)) ?? ""
        var run = Run(id: name, flowConnection: "ab", event: key, lane: "alpha:one/1", at: at)
        run.outputs = [
          [
            "ids": ["alpha": .string("\(number)")], "customer": ["ids": ["alpha": "1"]],
            "lines": [], "total": ["amount": "1.00", "currency": "EUR"],
          ]
        ]
        let link: JSON = [
          "ids": ["alpha:one": .string("\(number)"), "beta:b": .string("\(number)")]
        ]
        return run.end(.success, nil, at: at) + [
          .put(key, ["at": .string(at.text), "connection": "a", "runs": [], "body": [:]]),
          .put("\(TakenKey.bound(at))\(key)", "{}"),
          .put(StoreKey.link.key("customer/alpha:one/\(number)"), link),
          .put(StoreKey.link.key("customer/beta:b/\(number)"), link),
        ]
      })
    for number in 0..<600 {
      try AuditLog(home: fixture.home).append("did\(number)", on: [], by: "ada", at: now)
    }
    return fixture
  }

  @Test func exportHasEveryRow() throws {
    let browser = try Browser(Self.fullHome(), as: .administrator)
    for (path, rows) in [
      ("/runs.csv", Self.count), ("/events.csv", Self.count), ("/links.csv", Self.count),
      ("/audit.csv", 600), ("/runs.csv?status=failed", 0), ("/links.csv?kind=invoice", 0),
    ] {
      let page = try browser.get(path)
      let lines = page.text.split(separator: "\r\n")
      #expect(lines.count >= rows + 1, "\(path)")
      #expect(Set(lines).count == lines.count, "\(path)")
      #expect(page.headers["Transfer-Encoding"] == "chunked")
      #expect(page.headers["Content-Security-Policy"] != nil)
    }
    #expect(try browser.get("/runs.csv?status=none").status == 400)
    #expect(try browser.send("HEAD", "/runs.csv").text.isEmpty)
  }

  @Test func smallListsAreExportedToo() throws {
    let (fixture, runs) = try ApprovalsPageTests.held(2)
    _ = try ReconciliationPageTests.kept(1, in: fixture.home)
    try fixture.registry.pause(connection: "b", by: "ada", "a \"reason\", with a comma")
    let browser = try Browser(fixture, as: .viewer)
    for (path, rows, text) in [
      ("/flows.csv?q=to-beta", 1, "to-beta"), ("/connections.csv", 2, "with a comma"),
      ("/approvals.csv", 2, runs[0].id), ("/approvals.csv?rule=cap", 0, "digest"),
      ("/reconciliation.csv", 1, "2026-10"),
    ] {
      let page = try browser.get(path)
      #expect(page.status == 200)
      #expect(try CSV(page.text).records.count == rows + 1, "\(path)")
      #expect(page.text.contains(text), "\(path)")
    }
  }

  @Test func attentionReadsTheOldestOfMany() throws {
    let fixture = try TestHome()
    try fixture.connect()
    let now = WallClock.system.now()
    for number in 0..<250 {
      let at = now.adding(seconds: number - 250)
      let id = try Identifier.make("run", at: at, number: 0, name: "e\(number)")
      var run = Run(id: id, flowConnection: "ab", event: "event/a/e", lane: "a/1", at: at)
      _ = try fixture.home.store.commit(run.end(.failed, "reason \(number)", at: at))
    }
    let attention = Attention(fixture.registry)
    let some = try attention.oldest(most: 30, seconds: .infinity, at: now)
    #expect(some.counts[.failed] == 250 && some.isPartial)
    let failed = some.items.filter { $0.cause == .failed }
    #expect(failed.map(\.reason) == (0..<30).map { "reason \($0)" })
    let few = try attention.oldest(most: 30, seconds: 0, at: now)
    #expect(
      few.items.count == 20 && few.isPartial, "something is shown however little time there is")
    try attention.acknowledge(failed[0], by: "ada", now: now)
    let rest = try attention.portion(of: .failed, limit: .max, seconds: .infinity, at: now)
    #expect(rest.items.count == 249 && rest.counts == [.failed: 249] && !rest.isPartial)
    let browser = try Browser(fixture, as: .operator)
    let page = try browser.get("/attention?cause=failed").text
    #expect(page.contains("249 need a person") && page.contains("All of this cause"))
    var seen: [String] = []
    var next: String? = "/attention?cause=failed"
    while let place = next {
      let text = try browser.get(place).text
      seen += text.matches(of: /href="\/runs\/([^"]+)"/).map { String($0.output.1) }
      next = text.firstMatch(of: /rel="next" href="([^"]+)"/).map {
        String($0.output.1).replacing("&amp;", with: "&")
      }
    }
    #expect(seen == rest.items.compactMap(\.run), "the pages have all of the cause")
    #expect(try browser.get("/attention").text.contains("All 249"))
    #expect(try browser.document("/attention?cause=failed").items.count == 249)
    #expect(try browser.document("/attention?reason=reason+249").items.count == 1)
    #expect(
      try browser.get("/attention.csv?cause=failed").text.split(separator: "\r\n").count == 250)
  }

  @Test func exportReadsNoFurtherThanItsClient() throws {
    let portions = ConcurrentList<Int>()
    let row = [String](repeating: "x", count: 100)
    try serving { portion in
      portions.add(portion)
      return ([[String]](repeating: row, count: 500), "\(portion + 1)")
    } _: { port in
      let socket = TCPSocket(port: port)
      socket.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      #expect(socket.read(until: "x,x").contains("200 OK"))
      // What the sockets' buffers take, and no more
      var read = -1
      while read != portions.all.count, read < 400 {
        read = portions.all.count
        Thread.sleep(forTimeInterval: 2)
      }
      #expect(read < 400)
    }
  }

  @Test func exportThatFailsIsCut() throws {
    try serving { portion throws(Problem) in
      guard portion < 3 else { throw Problem(.io, "the disk is gone") }
      return ([["row \(portion)"]], "\(portion + 1)")
    } _: { port in
      let socket = TCPSocket(port: port)
      socket.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      let text = socket.readAll()
      #expect(text.contains("row 2\r\n") && !text.hasSuffix("0\r\n\r\n"))
    }
  }

  /// Serves an export whose portions have numbers.
  private func serving(
    _ read: @escaping @Sendable (Int) throws(Problem) -> Export.Portion,
    _ body: (Int) throws -> Void
  ) throws {
    let server = try Server(listen: "127.0.0.1:0")
    let ended = DispatchSemaphore(value: 0)
    Thread {
      server.run { _, responder in
        Thread {
          do throws(Problem) {
            let export = try Export("x.csv", ["x"]) { (place) throws(Problem) in
              try read(place.flatMap(Int.init) ?? 0)
            }
            try export.write(to: responder.begin(export.response))
          } catch {}
        }.start()
      }
      ended.signal()
    }.start()
    defer {
      server.stop()
      ended.wait()
    }
    try body(server.port)
  }
}
