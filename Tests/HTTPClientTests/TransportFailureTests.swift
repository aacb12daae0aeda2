import Foundation
import HTTPServer
import HTTPTypes
import TestSupport
import Testing

@testable import HTTPClient

/// Each failure, and whether the server can have seen the request.
@Suite struct TransportFailureTests {
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
    request.maxResponseBytes = 1000
    return (withExtendedLifetime(server) { failure(request) }, origin)
  }

  @Test func refusedConnectionIsNotSent() {
    let port = ScriptedServer({ _ in }).port
    let request = ClientRequest("POST", "http://me:s3cret@127.0.0.1:\(port)/s3cret?key=s3cret")
    #expect(failure(request) == .notSent("http://127.0.0.1:\(port): no connection can be made"))
  }

  @Test func unknownHostIsNotSent() {
    // A label of this length is invalid, so no name server is asked.
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
    let server = ScriptedServer { socket in _ = socket.read(until: "never") }
    var request = ClientRequest("POST", "https://127.0.0.1:\(server.port)/")
    request.timeout = 0.3
    let failed = failure(request)
    #expect(failed == .notSent("https://127.0.0.1:\(server.port): it took too long"))
  }

  @Test func closeWithoutAnAnswerIsDoubtful() {
    let (failed, origin) = failure { socket in _ = socket.read(until: "\r\n\r\n") }
    #expect(
      failed == .doubtful("\(origin): the connection ended without an answer"))
  }

  @Test func closeBeforeReadingIsDoubtful() {
    let (failed, _) = failure { $0.resetAfterInput() }
    guard case .doubtful? = failed else {
      Issue.record("\(String(describing: failed))")
      return
    }
  }

  @Test func partialAnswerIsDoubtful() {
    let (failed, origin) = failure { socket in
      _ = socket.read(until: "\r\n\r\n")
      socket.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    }
    #expect(failed == .doubtful("\(origin): Transferred a partial file"))
  }

  @Test func partialHeadIsDoubtful() {
    let (failed, origin) = failure { socket in
      _ = socket.read(until: "\r\n\r\n")
      socket.send("HTTP/1.1 200 OK\r\nContent-Le")
    }
    #expect(failed == .doubtful("\(origin): the answer is cut short"))
  }

  @Test func stalledAnswerIsDoubtful() {
    let (failed, origin) = failure(timeout: 0.3) { socket in _ = socket.read(until: "never") }
    #expect(failed == .doubtful("\(origin): it took too long"))
  }

  @Test func longAnswerIsDoubtful() {
    let (failed, origin) = failure { socket in
      _ = socket.read(until: "\r\n\r\n")
      socket.send(
        "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + String(repeating: "x", count: 1001))
    }
    #expect(failed == .doubtful("\(origin): the answer is too long"))
  }

  @Test func longHeadIsDoubtful() {
    let (failed, origin) = failure { socket in
      _ = socket.read(until: "\r\n\r\n")
      socket.send("HTTP/1.1 200 OK\r\n")
      for _ in 0..<300 { socket.send("X: " + String(repeating: "x", count: 1000) + "\r\n") }
    }
    #expect(failed == .doubtful("\(origin): the answer is too long"))
  }

  @Test func garbageIsDoubtful() {
    let (failed, _) = failure { socket in
      _ = socket.read(until: "\r\n\r\n")
      socket.send("garbage s3cret\r\n\r\n")
    }
    guard case .doubtful(let reason)? = failed else {
      Issue.record("\(String(describing: failed))")
      return
    }
    #expect(!reason.contains("s3cret"))
  }

  @Test func invalidRequestIsNotSent() {
    let url = "http://127.0.0.1:1/"
    #expect(
      failure(ClientRequest("GET", url, headers: ["X": "s3cret\r\nY: z"]))
        == .notSent("header X holds a line break"))
    #expect(
      failure(ClientRequest("GET", url, headers: ["X:": "y"]))
        == .notSent("a header's name is not a token"))
    #expect(failure(ClientRequest("G T", url)) == .notSent("the method is not a token"))
    for url in ["example.com", "file:///etc/passwd", "http://a b/", ""] {
      #expect(failure(ClientRequest("GET", url)) == .notSent("the URL is not valid"))
    }
    for url in ["ftp://127.0.0.1/", "gopher://127.0.0.1/"] {
      #expect(
        failure(ClientRequest("GET", url)) == .notSent("the URL is neither http nor https"))
    }
  }

  /// The first connection answers once, reads the next request and closes; a second would answer.
  private func keptThenEnded() -> ScriptedServer {
    ScriptedServer(
      { socket in
        _ = socket.read(until: "\r\n\r\n")
        socket.send(Self.ok)
        _ = socket.read(until: "\r\n\r\n")
      },
      { socket in
        _ = socket.read(until: "\r\n\r\n")
        socket.send(Self.ok)
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
    let answer: @Sendable (TCPSocket) -> Void = { socket in
      _ = socket.read(until: "\r\n\r\n")
      socket.send(Self.ok)
    }
    let server = ScriptedServer(answer, answer)
    let client = CurlClient()
    let request = ClientRequest("POST", "http://127.0.0.1:\(server.port)/")
    _ = try client.send(request)
    // libcurl 8.22 checks once per second whether a connection was closed.
    Thread.sleep(forTimeInterval: 1.1)
    #expect(try client.send(request).status == 200)
  }
}
