import Foundation
import HTTPTypes
import TestSupport
import Testing
import Values

@testable import HTTPServer

/// A request that two readers could understand differently, and the status it is refused with.
struct Refused: Sendable, CustomTestStringConvertible {
  let status: Int
  let text: String
  var testDescription: String { "\(status) to \(text.debugDescription.prefix(80))" }

  init(_ status: Int, _ text: String) {
    self.status = status
    self.text = text
  }

  static func post(_ status: Int, _ headers: String, _ body: String = "") -> Refused {
    Refused(status, "POST / HTTP/1.1\r\nHost: h\r\n\(headers)\r\n\r\n\(body)")
  }

  static let all = [
    post(400, "Content-Length: 1\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
    post(400, "Content-Length: 1\r\nContent-Length: 2", "ab"),
    post(400, "Content-Length: 1, 1", "a"),
    post(400, "Content-Length: +1", "a"),
    post(400, "Content-Length: ", "a"),
    post(400, "Content-Length: 0x1", "a"),
    post(413, "Content-Length: 99999999999999999999"),
    post(413, "Content-Length: 1048577"),
    post(501, "Transfer-Encoding: gzip, chunked"),
    post(501, "Transfer-Encoding: identity"),
    post(400, "Transfer-Encoding: chunked, chunked"),
    post(400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
    post(400, "Transfer-Encoding: chunked", "x\r\n"),
    post(400, "Transfer-Encoding: chunked", "1\r\nabc"),
    post(400, "Transfer-Encoding: chunked", "1\nab"),
    post(400, "Transfer-Encoding: chunked", "\r\n"),
    post(400, "Transfer-Encoding: chunked", "FFFFFFFFFFFFFFFF\r\n"),
    post(413, "Transfer-Encoding: chunked", "100001\r\n"),
    post(400, "Content-Length : 1", "a"),
    post(400, "X: a\r\n folded", ""),
    post(400, ": nameless"),
    post(400, "no colon"),
    post(400, "X: a\u{1}b"),
    post(400, "X: a\0b"),
    post(400, "X: a\rY: b"),
    post(400, "Host: other"),
    post(417, "Expect: a-miracle"),
    Refused(400, "GET / HTTP/1.1\nHost: h\n\n"),
    Refused(400, "GET / HTTP/1.1\r\nHost: h\n\r\n"),
    Refused(400, "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"),
    Refused(400, "GET / HTTP/1.1\r\n\r\n"),
    Refused(400, "GET  / HTTP/1.1\r\nHost: h\r\n\r\n"),
    Refused(400, "GET / HTTP/1.1 \r\nHost: h\r\n\r\n"),
    Refused(400, "GET /\r\nHost: h\r\n\r\n"),
    Refused(400, "G{T / HTTP/1.1\r\nHost: h\r\n\r\n"),
    Refused(400, "GET relative HTTP/1.1\r\nHost: h\r\n\r\n"),
    Refused(400, "GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n"),
    Refused(400, "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n"),
    Refused(400, "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n"),
    Refused(400, "GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n"),
    Refused(400, "GET /%ff HTTP/1.1\r\nHost: h\r\n\r\n"),
    Refused(400, "GET /?a=%f HTTP/1.1\r\nHost: h\r\n\r\n"),
    Refused(400, "GET /\u{7F} HTTP/1.1\r\nHost: h\r\n\r\n"),
    Refused(400, "GET /é HTTP/1.1\r\nHost: h\r\n\r\n"),
    Refused(400, "\u{16}\u{3}\u{1}\r\n\r\n"),
    Refused(505, "GET / HTTP/2.0\r\nHost: h\r\n\r\n"),
    Refused(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    Refused(400, "GET / HTTPS/1.1\r\nHost: h\r\n\r\n"),
    Refused(431, "GET /" + String(repeating: "a", count: 17_000)),
    Refused(431, "GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 17_000)),
    Refused(
      431, "GET / HTTP/1.1\r\nHost: h\r\n" + String(repeating: "X: y\r\n", count: 100) + "\r\n"),
  ]
}

@Suite struct RequestErrorTests {
  /// Each is followed by a valid request, which must not be handled.
  @Test(arguments: Refused.all)
  func ambiguousRequestIsRefused(_ refused: Refused) throws {
    let seen = ConcurrentList<Request>()
    let handle: @Sendable ([Request]) -> [Response] = { requests in
      requests.map { request in
        seen.add(request)
        return Response(200)
      }
    }
    try serving(handle) { server in
      let socket = TCPSocket(port: server.port)
      socket.send(refused.text + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n")
      let answer = socket.readAll()
      #expect(answer.hasPrefix("HTTP/1.1 \(refused.status) "))
      #expect(answer.contains("Connection: close\r\n"))
      #expect(answer.contains("\r\nContent-Type: application/json\r\n"))
      let body = try #require(answer.range(of: "\r\n\r\n")).upperBound
      #expect(try JSON(parsing: Array(answer[body...].utf8))["error"].string?.isEmpty == false)
    }
    #expect(seen.all.isEmpty)
  }

  @Test func longBodyIsRefusedBeforeItIsSent() throws {
    try serving { server in
      let socket = TCPSocket(port: server.port)
      socket.send(
        "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n")
      #expect(socket.readAll().hasPrefix("HTTP/1.1 413 "))
    }
  }

  @Test func reasonIsReportedAsJSON() throws {
    try serving { server in
      let socket = TCPSocket(port: server.port)
      socket.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999\r\n\r\n")
      #expect(socket.readAll().hasSuffix("\r\n\r\n{\"error\":\"the body is too long\"}\n"))
    }
  }

  @Test func responseToALongBodyArrivesWhileItIsSent() throws {
    try serving { server in
      let socket = TCPSocket(port: server.port)
      socket.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n")
      socket.send([UInt8](repeating: 97, count: 2_000_000))
      #expect(socket.readAll().hasPrefix("HTTP/1.1 413 "))
    }
  }

  @Test func requestsBeforeABadOneAreAnswered() throws {
    try serving { server in
      let socket = TCPSocket(port: server.port)
      socket.send("GET /good HTTP/1.1\r\nHost: h\r\n\r\nGET bad HTTP/1.1\r\nHost: h\r\n\r\n")
      let answer = socket.readAll()
      #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
      #expect(answer.contains("<GET good  >HTTP/1.1 400 Bad Request"))
    }
  }

  @Test func equalContentLengthsAreAccepted() throws {
    try serving { server in
      let socket = TCPSocket(port: server.port)
      socket.send(
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\ncontent-length: 1\r\n"
          + "Connection: close\r\n\r\na")
      #expect(socket.readAll().hasSuffix("<POST   a>"))
    }
  }
}
