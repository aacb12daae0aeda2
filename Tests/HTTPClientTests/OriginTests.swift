import HTTPServer
import HTTPTypes
import TestSupport
import Testing

@testable import HTTPClient

/// Origins of URLs, which must be the servers to which the client connects.
@Suite struct OriginTests {
  @Test(arguments: [
    "http://127.0.0.1", "http://127.9.9.9:80/x", "http://localhost:1/a?b=c#d",
    "https://[::1]:8443/",
  ])
  func loopbackURLIsLoopback(url: String) throws {
    let origin = try #require(Origin(strict: url))
    #expect(origin.isLoopback)
    #expect(origin.isConfidential)
  }

  @Test(arguments: [
    "http://evil.example", "http://127.0.0.1.evil.example", "http://localhost.evil.example",
    "http://1270.0.0.1", "http://0.0.0.0", "http://localhost.", "http://127.0.0.1.",
    "http://hooks.localhost", "http://LOCALHOST", "http://[::]", "http://[::ffff:127.0.0.1]",
    "http://10.0.0.1:80", "http://[::2]/127.0.0.1",
  ])
  func otherURLIsNotLoopback(url: String) throws {
    let origin = try #require(Origin(strict: url))
    #expect(!origin.isLoopback)
    #expect(!origin.isConfidential)
  }

  @Test(arguments: [
    "http://127.0.0.1@evil.example", "http://evil.example@127.0.0.1", "http://@127.0.0.1",
    "http://:@127.0.0.1/", "http://127.0.0.1:80@evil.example", "http://2130706433",
    "http://0x7f.1", "http://0x7f000001/", "http://0177.0.0.1", "http://127.1", "http://[0:0::1]/",
    "http://[::1%25lo]/", "http://%6cocalhost", "http://127.0.0.1%2eevil.example",
    "http://127.0.0.1\\@evil.example", "http://127.0.0.1\\.evil.example", "http:\\\\127.0.0.1",
    "http://127.0.0.1/\\x", "http://127.0.0.1:", "http://127.0.0.1:0080", "http://127.0.0.1:99999",
    "http:/127.0.0.1", "http:///127.0.0.1", "HTTP://127.0.0.1", "127.0.0.1:80", "//127.0.0.1",
    " http://127.0.0.1", "http://127.0.0.1/ ", "http://127.0.0.1\n",
    "http://127.0.0.1\0.evil.example",
    "http://１２７.0.0.1", "http://127。0.0.1", "https://bücher.example", "ftp://127.0.0.1",
    "file:///etc/passwd", "http://", "https://?x", "",
  ])
  func strictOriginRefusesAmbiguousURLs(url: String) {
    #expect(Origin(strict: url) == nil)
  }

  /// The rest of the URL does not change the host.
  @Test(arguments: [
    "http://127.0.0.1?@evil.example", "http://127.0.0.1#@evil.example",
    "http://127.0.0.1/@evil.example",
    "http://127.0.0.1?x=http://evil.example",
  ])
  func hostEndsAtPathQueryAndFragment(url: String) {
    #expect(Origin(strict: url)?.text == "http://127.0.0.1")
  }

  @Test func originHasText() {
    #expect(Origin("https://me:word@a.example:8443/p?q")?.text == "https://a.example:8443")
    #expect(Origin("https://me:word@a.example/")?.hasUserInfo == true)
    #expect(Origin("https://@a.example/")?.hasUserInfo == true)
    #expect(Origin("https://a.example/@")?.hasUserInfo == false)
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("localhost:8787", true), ("[::1]:8787", true), ("a.example", false),
    ("127.0.0.1.evil.example", false),
  ])
  func hostHeaderOfThisMachineIsLocal(value: String, isLoopback: Bool) {
    #expect(Origin(hostHeader: value)?.isLoopback == isLoopback)
  }

  @Test(arguments: [
    "", "127.0.0.1/x", "127.0.0.1?x", "evil.example@127.0.0.1", "2130706433", "127.0.0.1 ", "::1",
  ])
  func hostHeaderIsAHostAndAPort(value: String) {
    #expect(Origin(hostHeader: value) == nil)
  }

  /// A loopback URL in any notation connects to this machine.
  @Test(arguments: ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1"])
  func loopbackIsConnectedTo(host: String) throws {
    let peers = ConcurrentList<Peer>()
    let handle: @Sendable ([Request]) -> [Response] = { requests in
      requests.map { request in
        peers.add(request.peer)
        return Response(204)
      }
    }
    try serving(handle) { server in
      let url = "http://\(host):\(server.port)/"
      #expect(Origin(url)?.isLoopback == true)
      let response = try CurlClient().send(ClientRequest("GET", url))
      #expect(response.status == 204)
    }
    #expect(peers.all.map(\.isLoopback) == [true])
  }

  @Test func loopbackIsConnectedToNothingElse() throws {
    let request = ClientRequest("GET", "http://localhost/")
    let transfer = Transfer(request, isLoopback: true)
    #expect(transfer.allows(IPAddress("127.0.0.1")))
    #expect(transfer.allows(IPAddress("::1")))
    #expect(!transfer.allows(IPAddress("10.0.0.1")))
    #expect(!transfer.start(to: "8.8.8.8"))
  }
}
