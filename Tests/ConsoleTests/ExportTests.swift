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
