import HTTPTypes
import TestSupport
import Testing

@testable import HTTPServer

@Suite struct RequestTests {
  @Test func getIsAnswered() throws {
    try serving { server in
      let socket = TCPSocket(port: server.port)
      socket.send("GET /a%2Fb/c%20d?x=1+2&y=%26 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
      #expect(
        socket.readAll()
          == "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 24\r\n"
          + "Connection: close\r\n\r\n<GET a/b|c d x=1 2,y=& >")
    }
  }

  @Test func requestMaySplitAnywhere() throws {
    let text = "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
    let chunked =
      "POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nT: t\r\n\r\n"
    for text in [text, chunked] {
      let bytes = Array(text.utf8)
      for cut in 1..<bytes.count {
        var parser = RequestParser(limits: ServerLimits(), peer: Peer(host: "", port: 0))
        parser.append(bytes[..<cut])
        #expect(parser.next().isNone)
        parser.append(bytes[cut...])
        guard case .request(let request, true)? = parser.next() else {
          Issue.record("no request when cut at \(cut)")
          continue
        }
        #expect(request.body == Array("hello".utf8))
        #expect(parser.next().isNone)
        #expect(parser.stage == .between)
      }
    }
  }

  @Test func requestMayArriveByteByByte() throws {
    try serving { server in
      let socket = TCPSocket(port: server.port)
      for byte in "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello".utf8 {
        socket.send([byte])
      }
      #expect(socket.read(until: ">").hasSuffix("<POST p  hello>"))
    }
  }

  @Test func pipelinedRequestsAreAnsweredInOrder() throws {
    try serving { server in
      let socket = TCPSocket(port: server.port)
      let requests = (0..<200).map { "GET /\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }
      socket.send(requests.joined())
      socket.finish()
      let answers = socket.readAll().split(separator: "<").dropFirst().map {
        $0.prefix { $0 != ">" }
      }
      #expect(answers.map(String.init) == (0..<200).map { "GET \($0)  " })
    }
  }

  @Test func connectionIsKeptOrClosedAsRequested() throws {
    try serving { server in
      let kept = TCPSocket(port: server.port)
      kept.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n")
      #expect(kept.read(until: ">").contains("Connection: keep-alive"))
      kept.send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n")
      #expect(kept.read(until: ">").contains("<GET 2"))

      let old = TCPSocket(port: server.port)
      old.send("GET /3 HTTP/1.0\r\n\r\n")
      #expect(old.readAll().contains("Connection: close\r\n\r\n<GET 3"))

      let oldKept = TCPSocket(port: server.port)
      oldKept.send("GET /4 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
      #expect(oldKept.read(until: ">").contains("Connection: keep-alive"))
    }
  }

  @Test func headResponseHasNoBody() throws {
    try serving { server in
      let socket = TCPSocket(port: server.port)
      socket.send("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
      let answer = socket.readAll()
      #expect(answer.contains("Content-Length: 10\r\n"))
      #expect(answer.hasSuffix("\r\n\r\n"))
    }
  }

  @Test func continueIsSentOnlyIfExpected() throws {
    try serving { server in
      let socket = TCPSocket(port: server.port)
      socket.send(
        "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
      #expect(socket.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
      socket.send("ok")
      #expect(socket.read(until: ">").hasSuffix("<POST   ok>"))
    }
  }

  @Test func lineBreakInAHeaderIsNotWritten() {
    let response = Response(200, headers: ["X": "a\r\nY: b"])
    let text = String(
      decoding: response.serialized(forHEAD: false, keepsAlive: true), as: UTF8.self)
    #expect(text.contains("X: a  Y: b\r\n"))
  }
}

extension RequestParser.Event? {
  /// Whether more bytes are needed.
  fileprivate var isNone: Bool {
    if case nil = self { true } else { false }
  }
}
