import Foundation
import HTTPServer
import HTTPTypes
import Kernel
import TestSupport
import Testing

@testable import HTTPClient

@Suite struct CurlClientTests {
  @Test func requestAndResponseAreWhole() throws {
    let seen = ConcurrentList<Request>()
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

  /// The variables that libcurl reads would send the key through whatever they name.
  @Test func proxyOfTheEnvironmentIsIgnored() throws {
    let seen = ConcurrentList<Request>()
    let handle: @Sendable ([Request]) -> [Response] = { requests in
      requests.map { request in
        seen.add(request)
        return Response(200)
      }
    }
    try serving(handle) { server in
      let names = ["http_proxy", "all_proxy", "ALL_PROXY"]
      for name in names { setenv(name, "http://127.0.0.1:\(server.port)", 1) }
      defer { for name in names { unsetenv(name) } }
      #expect(throws: TransportFailure.self) {
        try CurlClient().send(ClientRequest("GET", "http://meterbridge.invalid/"))
      }
    }
    #expect(seen.all.isEmpty)
  }

  @Test(arguments: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
  func everyMethodIsSent(_ method: String) throws {
    try serving { server in
      let response = try CurlClient().send(
        ClientRequest(method, "http://127.0.0.1:\(server.port)/m"))
      let text = String(decoding: response.body, as: UTF8.self)
      #expect(text == (method == "HEAD" ? "" : "<\(method) m  >"))
    }
  }

  @Test func pathIsSentUnchanged() throws {
    try serving { server in
      let url = "http://127.0.0.1:\(server.port)/customers/../x/./%2e%2E"
      let response = try CurlClient().send(ClientRequest("GET", url))
      #expect(String(decoding: response.body, as: UTF8.self) == "<GET customers|..|x|.|..  >")
    }
  }

  @Test func largeBodyIsSentWithoutExpectHeader() throws {
    try serving { server in
      var request = ClientRequest("POST", "http://127.0.0.1:\(server.port)/")
      request.body = [UInt8](repeating: 97, count: 1_000_000)
      let response = try CurlClient().send(request)
      #expect(response.body.count == 1_000_009)
    }
  }

  @Test func connectionIsKept() throws {
    let peers = try peers { client, request in
      for _ in 0..<3 { _ = try client.send(request) }
    }
    #expect(peers.count == 3)
    #expect(Set(peers).count == 1)
    #expect(peers.first?.isLoopback == true)
  }

  @Test func threadsShareConnections() throws {
    let peers = try peers { client, request in
      for _ in 0..<3 { BackgroundThread { _ = try? client.send(request) }.join() }
    }
    #expect(peers.count == 3)
    #expect(Set(peers).count == 1)
  }

  /// The connection of each request that a client sends.
  private func peers(_ body: (CurlClient, ClientRequest) throws -> Void) throws -> [Peer] {
    let peers = ConcurrentList<Peer>()
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

  /// The server answers only when it has got all requests.
  @Test func requestsOfThreadsAreConcurrent() {
    let sockets = ConcurrentList<TCPSocket>()
    let server = ScriptedServer({ socket in
      _ = socket.read(until: "\r\n\r\n")
      sockets.add(socket)
      guard sockets.all.count == 8 else { return }
      for (index, socket) in sockets.all.enumerated() {
        socket.send("HTTP/1.1 \(200 + index) OK\r\nContent-Length: 0\r\n\r\n")
      }
    })
    let (client, statuses) = (CurlClient(), ConcurrentList<Int>())
    let url = "http://127.0.0.1:\(server.port)/"
    let threads = (0..<8).map { _ in
      BackgroundThread {
        statuses.add((try? client.send(ClientRequest("POST", url)))?.status ?? 0)
      }
    }
    for thread in threads { thread.join() }
    #expect(statuses.all.sorted() == Array(200..<208))
  }

  /// A caller wakes the thread that performs requests; with a lost wake-up it would wait for ever.
  @Test func noRequestOfManyThreadsIsLost() throws {
    let nothing: @Sendable ([Request]) -> [Response] = { $0.map { _ in Response(204) } }
    try serving(nothing) { server in
      let (client, statuses) = (CurlClient(), ConcurrentList<Int>())
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

  @Test func redirectIsNotFollowed() throws {
    let moved: @Sendable ([Request]) -> [Response] = { requests in
      requests.map { _ in Response(302, headers: ["Location": "/other"]) }
    }
    try serving(moved) { server in
      let response = try CurlClient().send(ClientRequest("GET", "http://127.0.0.1:\(server.port)/"))
      #expect(response.status == 302)
      #expect(response.headers["location"] == "/other")
    }
  }

  @Test func interimResponsesAndTrailersAreSkipped() throws {
    let server = ScriptedServer { socket in
      _ = socket.read(until: "\r\n\r\n")
      socket.send("HTTP/1.1 103 Early Hints\r\nX: early\r\n\r\n")
      socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      socket.send("2\r\nok\r\n0\r\nX: late\r\n\r\n")
    }
    let response = try CurlClient().send(ClientRequest("GET", "http://127.0.0.1:\(server.port)/"))
    #expect(response.status == 200)
    #expect(response.headers["X"] == nil)
    #expect(response.body == Array("ok".utf8))
  }
}
