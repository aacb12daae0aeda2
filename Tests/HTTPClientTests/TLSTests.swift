import Foundation
import Testing

@testable import HTTPClient

/// The tests need the command `openssl`, which comes with the certificates of most systems.
@Suite struct TLSTests {
  @Test func trustedServerIsRead() throws {
    try with("IP:127.0.0.1", ["-www"]) { server in
      let response = try CurlClient(authorities: server.certificate).send(request(to: server))
      #expect(response.status == 200)
      #expect(String(decoding: response.body, as: UTF8.self).contains("TLSv1.3"))
    }
  }

  @Test func untrustedServerGetsNothing() throws {
    try with("IP:127.0.0.1", ["-www"]) { server in
      expectRefusal(by: CurlClient(), of: server)
    }
  }

  @Test func serverOfAnotherNameGetsNothing() throws {
    try with("DNS:api.example.com", ["-www"]) { server in
      expectRefusal(by: CurlClient(authorities: server.certificate), of: server)
    }
  }

  @Test func serverWithAnOldTLSGetsNothing() throws {
    try with("IP:127.0.0.1", ["-www", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]) { server in
      expectRefusal(by: CurlClient(authorities: server.certificate), of: server, naming: "TLS")
    }
  }

  @Test func http2IsUsedIfOffered() throws {
    try with("IP:127.0.0.1", ["-alpn", "h2"]) { server in
      var request = request(to: server)
      request.timeout = 1
      // The server does not answer: only its log of the request matters.
      let failure = #expect(throws: TransportFailure.self) {
        try CurlClient(authorities: server.certificate).send(request)
      }
      guard case .doubtful? = failure else {
        Issue.record("\(String(describing: failure)) is not in doubt")
        return
      }
      _ = try server.heard(until: "PRI * HTTP/2.0")
    }
  }

  private func request(to server: TLSServer) -> ClientRequest {
    ClientRequest("GET", "https://127.0.0.1:\(server.port)/")
  }

  private func expectRefusal(
    by client: CurlClient, of server: TLSServer, naming word: String = "certificate"
  ) {
    let failure = #expect(throws: TransportFailure.self) { try client.send(request(to: server)) }
    guard case .notSent(let reason)? = failure else {
      Issue.record("\(String(describing: failure)) may have been sent")
      return
    }
    #expect(reason.contains(word), "\(reason)")
  }

  private func with(
    _ name: String, _ arguments: [String], _ body: (TLSServer) throws -> Void
  ) throws {
    let folder = URL.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }  // a rest in the temporary folder
    let server = try TLSServer(name: name, in: folder, arguments)
    defer { server.stop() }
    try body(server)
  }
}
