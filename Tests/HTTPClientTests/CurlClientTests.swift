import Foundation
import HTTPFixtures
import HTTPServer
import HTTPTypes
import Testing
import Values

@testable import HTTPClient

@Suite struct ClientTests {
  @Test func sendsAndReadsWhole() throws {
    let seen = Log<Request>()
    let handle: @Sendable ([Request]) -> [Response] = { requests in
      requests.map { request in
        seen.add(request)
        return Response(
          201, headers: ["Content-Type": "text/x", "X-Empty": ""], body: Array("made".utf8))
      }
    }
    try serving(handle) { server in
      var request = ClientRequest("POST", "http://127.0.0.1:\(server.port)/a%2Fb?c=d")
      request.headers = ["Authorization": "Bearer s3cret", "X-Empty": ""]
      request.body = Array("hello".utf8)
      let response = try CurlClient().send(request)
      #expect(response.status == 201)
      #expect(response.headers["content-type"] == "text/x")
      #expect(response.body == Array("made".utf8))
      #expect((0..<1).contains(response.seconds))
    }
    let request = try #require(seen.all.first)
    #expect(request.target == "/a%2Fb?c=d")
    #expect(request.headers["user-agent"] == "meterbridge")
    #expect(request.headers["authorization"] == "Bearer s3cret")
    #expect(request.headers["x-empty"] == "")
    #expect(request.headers["expect"] == nil)
    #expect(request.headers["content-type"] == nil)
    #expect(request.body == Array("hello".utf8))
  }

  @Test(arguments: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
  func sendsEveryMethod(_ method: String) throws {
    try serving { server in
      let response = try CurlClient().send(
        ClientRequest(method, "http://127.0.0.1:\(server.port)/m"))
      let text = String(decoding: response.body, as: UTF8.self)
      #expect(text == (method == "HEAD" ? "" : "<\(method) m  >"))
    }
  }

  @Test func leavesThePathAsItIs() throws {
    try serving { server in
      let url = "http://127.0.0.1:\(server.port)/customers/../x/./%2e%2E"
      let response = try CurlClient().send(ClientRequest("GET", url))
      #expect(String(decoding: response.body, as: UTF8.self) == "<GET customers|..|x|.|..  >")
    }
  }

  @Test func sendsALargeBodyWithoutAsking() throws {
    try serving { server in
      var request = ClientRequest("POST", "http://127.0.0.1:\(server.port)/")
      request.body = [UInt8](repeating: 97, count: 1_000_000)
      let response = try CurlClient().send(request)
      #expect(response.body.count == 1_000_009)
    }
  }

  @Test func keepsItsConnection() throws {
    let peers = try peers { client, request in
      for _ in 0..<3 { _ = try client.send(request) }
    }
    #expect(peers.count == 3)
    #expect(Set(peers).count == 1)
    #expect(peers.first?.isLoopback == true)
  }

  @Test func threadsShareItsConnections() throws {
    let peers = try peers { client, request in
      for _ in 0..<3 { BackgroundThread { _ = try? client.send(request) }.join() }
    }
    #expect(peers.count == 3)
    #expect(Set(peers).count == 1)
  }

  /// By which connections the requests come that a client is made to send.
  private func peers(_ body: (CurlClient, ClientRequest) throws -> Void) throws -> [Peer] {
    let peers = Log<Peer>()
    let handle: @Sendable ([Request]) -> [Response] = { requests in
      requests.map { request in
        peers.add(request.peer)
        return Response(200)
      }
    }
    try serving(handle) { server in
      try body(CurlClient(), ClientRequest("POST", "http://127.0.0.1:\(server.port)/"))
    }
    return peers.all
  }

  /// The server answers nobody before all have asked.
  @Test func carriesTheRequestsOfManyThreadsAtATime() {
    let wires = Log<TCPSocket>()
    let server = ScriptedServer({ wire in
      _ = wire.read(until: "\r\n\r\n")
      wires.add(wire)
      guard wires.all.count == 8 else { return }
      for (index, wire) in wires.all.enumerated() {
        wire.send("HTTP/1.1 \(200 + index) OK\r\nContent-Length: 0\r\n\r\n")
      }
    })
    let (client, statuses) = (CurlClient(), Log<Int>())
    let url = "http://127.0.0.1:\(server.port)/"
    let threads = (0..<8).map { _ in
      BackgroundThread {
        statuses.add((try? client.send(ClientRequest("POST", url)))?.status ?? 0)
      }
    }
    for thread in threads { thread.join() }
    #expect(statuses.all.sorted() == Array(200..<208))
  }

  /// A thread that asks wakes the one that carries; a waking that gets lost would leave it waiting for ever.
  @Test func losesNoRequestOfManyThreads() throws {
    let nothing: @Sendable ([Request]) -> [Response] = { $0.map { _ in Response(204) } }
    try serving(nothing) { server in
      let (client, statuses) = (CurlClient(), Log<Int>())
      let request = ClientRequest("GET", "http://127.0.0.1:\(server.port)/")
      let ended = DispatchSemaphore(value: 0)
      for _ in 0..<2 {
        Thread {
          for _ in 0..<1000 { statuses.add((try? client.send(request))?.status ?? 0) }
          ended.signal()
        }.start()
      }
      for _ in 0..<2 { #expect(ended.wait(timeout: .now() + 60) == .success) }
      #expect(statuses.all == Array(repeating: 204, count: 2000))
    }
  }

  @Test func followsNoRedirect() throws {
    let moved: @Sendable ([Request]) -> [Response] = { requests in
      requests.map { _ in Response(302, headers: ["Location": "/other"]) }
    }
    try serving(moved) { server in
      let response = try CurlClient().send(ClientRequest("GET", "http://127.0.0.1:\(server.port)/"))
      #expect(response.status == 302)
      #expect(response.headers["location"] == "/other")
    }
  }

  @Test func readsPastInterimAnswersAndTrailers() throws {
    let server = ScriptedServer { wire in
      _ = wire.read(until: "\r\n\r\n")
      wire.send("HTTP/1.1 103 Early Hints\r\nX: early\r\n\r\n")
      wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      wire.send("2\r\nok\r\n0\r\nX: late\r\n\r\n")
    }
    let response = try CurlClient().send(ClientRequest("GET", "http://127.0.0.1:\(server.port)/"))
    #expect(response.status == 200)
    #expect(response.headers["X"] == nil)
    #expect(response.body == Array("ok".utf8))
  }
}

/// Each failure, and on which side of the doubt it is.
@Suite struct FailureTests {
  private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

  private func failure(_ request: ClientRequest) -> TransportFailure? {
    #expect(throws: TransportFailure.self) { try CurlClient().send(request) }
  }

  private func failure(
    _ method: String = "POST", timeout: Double = 5, scripts: @escaping @Sendable (TCPSocket) -> Void
  ) -> (TransportFailure?, String) {
    let server = ScriptedServer(scripts)
    let origin = "http://127.0.0.1:\(server.port)"
    var request = ClientRequest(method, origin + "/?key=s3cret")
    request.timeout = timeout
    request.maxReply = 1000
    return (withExtendedLifetime(server) { failure(request) }, origin)
  }

  @Test func refusedConnectionIsNotSent() {
    let port = ScriptedServer({ _ in }).port
    let request = ClientRequest("POST", "http://me:s3cret@127.0.0.1:\(port)/s3cret?key=s3cret")
    #expect(failure(request) == .notSent("http://127.0.0.1:\(port): no connection can be made"))
  }

  @Test func unknownHostIsNotSent() {
    // No label is that long, so no name server is asked.
    let host = String(repeating: "x", count: 64) + ".invalid"
    let failed = failure(ClientRequest("POST", "http://\(host)/s3cret"))
    #expect(failed == .notSent("http://\(host): no address is found for its name"))
  }

  @Test func failedHandshakeIsNotSent() {
    let server = ScriptedServer { $0.send("HTTP/1.1 400 Bad Request\r\n\r\n") }
    let failed = failure(ClientRequest("POST", "https://127.0.0.1:\(server.port)/"))
    #expect(failed == .notSent("https://127.0.0.1:\(server.port): the TLS handshake fails"))
  }

  @Test func stalledHandshakeIsNotSent() {
    let server = ScriptedServer { wire in _ = wire.read(until: "never") }
    var request = ClientRequest("POST", "https://127.0.0.1:\(server.port)/")
    request.timeout = 0.3
    let failed = failure(request)
    #expect(failed == .notSent("https://127.0.0.1:\(server.port): it took too long"))
  }

  @Test func closeWithoutAnAnswerIsDoubtful() {
    let (failed, origin) = failure { wire in _ = wire.read(until: "\r\n\r\n") }
    #expect(
      failed == .doubtful("\(origin): the connection ended without an answer"))
  }

  @Test func closeBeforeReadingIsDoubtful() {
    let (failed, _) = failure { $0.reset() }
    guard case .doubtful? = failed else {
      Issue.record("\(String(describing: failed))")
      return
    }
  }

  @Test func partialAnswerIsDoubtful() {
    let (failed, origin) = failure { wire in
      _ = wire.read(until: "\r\n\r\n")
      wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    }
    #expect(failed == .doubtful("\(origin): Transferred a partial file"))
  }

  @Test func partialHeadIsDoubtful() {
    let (failed, origin) = failure { wire in
      _ = wire.read(until: "\r\n\r\n")
      wire.send("HTTP/1.1 200 OK\r\nContent-Le")
    }
    #expect(failed == .doubtful("\(origin): the answer is cut short"))
  }

  @Test func stalledAnswerIsDoubtful() {
    let (failed, origin) = failure(timeout: 0.3) { wire in _ = wire.read(until: "never") }
    #expect(failed == .doubtful("\(origin): it took too long"))
  }

  @Test func longAnswerIsDoubtful() {
    let (failed, origin) = failure { wire in
      _ = wire.read(until: "\r\n\r\n")
      wire.send(
        "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + String(repeating: "x", count: 1001))
    }
    #expect(failed == .doubtful("\(origin): the answer is too long"))
  }

  @Test func longHeadIsDoubtful() {
    let (failed, origin) = failure { wire in
      _ = wire.read(until: "\r\n\r\n")
      wire.send("HTTP/1.1 200 OK\r\n")
      for _ in 0..<300 { wire.send("X: " + String(repeating: "x", count: 1000) + "\r\n") }
    }
    #expect(failed == .doubtful("\(origin): the answer is too long"))
  }

  @Test func garbageIsDoubtful() {
    let (failed, _) = failure { wire in
      _ = wire.read(until: "\r\n\r\n")
      wire.send("garbage s3cret\r\n\r\n")
    }
    guard case .doubtful(let reason)? = failed else {
      Issue.record("\(String(describing: failed))")
      return
    }
    #expect(!reason.contains("s3cret"))
  }

  @Test func whatCannotBeSentIsNotSent() {
    let url = "http://127.0.0.1:1/"
    #expect(
      failure(ClientRequest("GET", url, headers: ["X": "s3cret\r\nY: z"]))
        == .notSent("header X holds a line break"))
    #expect(
      failure(ClientRequest("GET", url, headers: ["X:": "y"]))
        == .notSent("a header's name is not a token"))
    #expect(failure(ClientRequest("G T", url)) == .notSent("the method is not a token"))
    for url in ["example.com", "file:///etc/passwd", "http://a b/", ""] {
      #expect(failure(ClientRequest("GET", url)) == .notSent("the URL is not one"))
    }
    for url in ["ftp://127.0.0.1/", "gopher://127.0.0.1/"] {
      #expect(
        failure(ClientRequest("GET", url)) == .notSent("the URL is neither http nor https"))
    }
  }

  /// The first connection answers once, takes the next request and dies; a second would answer.
  private func keptThenEnded() -> ScriptedServer {
    ScriptedServer(
      { wire in
        _ = wire.read(until: "\r\n\r\n")
        wire.send(Self.ok)
        _ = wire.read(until: "\r\n\r\n")
      },
      { wire in
        _ = wire.read(until: "\r\n\r\n")
        wire.send(Self.ok)
      })
  }

  @Test func postOnAKeptConnectionThatEndsIsNotRepeated() throws {
    let server = keptThenEnded()
    let client = CurlClient()
    let url = "http://127.0.0.1:\(server.port)/"
    _ = try client.send(ClientRequest("POST", url))
    #expect(
      throws: TransportFailure.doubtful(
        "http://127.0.0.1:\(server.port): the kept connection ended before an answer")
    ) { try client.send(ClientRequest("POST", url)) }
  }

  @Test func getOnAKeptConnectionThatEndsIsRepeated() throws {
    let server = keptThenEnded()
    let client = CurlClient()
    let url = "http://127.0.0.1:\(server.port)/"
    _ = try client.send(ClientRequest("GET", url))
    #expect(try client.send(ClientRequest("GET", url)).status == 200)
  }

  @Test func keptConnectionThatWasClosedIsReplaced() throws {
    let answer: @Sendable (TCPSocket) -> Void = { wire in
      _ = wire.read(until: "\r\n\r\n")
      wire.send(Self.ok)
    }
    let server = ScriptedServer(answer, answer)
    let client = CurlClient()
    let request = ClientRequest("POST", "http://127.0.0.1:\(server.port)/")
    _ = try client.send(request)
    // libcurl 8.22 looks once a second whether one was closed
    Thread.sleep(forTimeInterval: 1.1)
    #expect(try client.send(request).status == 200)
  }
}

@Suite struct EncodingTests {
  @Test func writesAndReadsForms() {
    let fields = [Field("charges[amount][0]", "1 2"), Field("a", "é&=+"), Field("a", "")]
    let text = "charges%5Bamount%5D%5B0%5D=1+2&a=%C3%A9%26%3D%2B&a="
    #expect(Form.encode(fields) == text)
    #expect(Form.decode(text.utf8) == fields)
    #expect(Form.decode("a&b=".utf8) == [Field("a", ""), Field("b", "")])
    #expect(Form.decode("a=%4".utf8) == nil)
    #expect(Form.decode("a=%C3".utf8) == nil)
  }

  @Test func findsHeadersWhateverTheirCase() {
    var headers: Headers = ["Set-Cookie": "a", "X": "1"]
    headers.add("set-cookie", "b")
    #expect(headers.all("SET-COOKIE") == ["a", "b"])
    headers["x"] = "2"
    headers["set-Cookie"] = nil
    #expect(headers == ["x": "2"])
    #expect(headers["X-User"] == nil)
  }
}
