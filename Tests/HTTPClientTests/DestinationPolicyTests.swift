import HTTPServer
import HTTPTypes
import TestSupport
import Testing

@testable import HTTPClient

/// Requests to URLs that an outsider may have chosen.
@Suite struct DestinationPolicyTests {
  @Test(arguments: [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.2", "192.168.1.1",
    "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::a00:1",
    "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:a00:1::1",
    "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "4000::1",
  ])
  func privateAddressIsNotPublic(text: String) throws {
    #expect(try #require(IPAddress(text)).isPublic == false)
  }

  @Test(arguments: [
    "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1",
    "198.17.0.1", "198.20.0.1", "223.255.255.255", "2606:4700::1111", "2001:4860::8888",
    "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
  ])
  func publicAddressIsPublic(text: String) throws {
    #expect(try #require(IPAddress(text)).isPublic)
  }

  @Test(arguments: [
    "http://hooks.example.com/", "https://10.0.0.1/", "https://169.254.169.254/latest",
    "https://0x7f.1/", "https://2130706433/", "https://[::ffff:127.0.0.1]/",
    "http://127.evil.example/", "https://localhost.evil.example:1/", "ftp://127.0.0.1/", "nonsense",
  ])
  func privateServerIsOutOfReach(url: String) {
    var request = ClientRequest("POST", url, body: [])
    request.destinations = .publicServers
    let failure = #expect(throws: TransportFailure.self) { try CurlClient().send(request) }
    // A name that does not resolve is not sent either; no outcome may be in doubt.
    if case .doubtful(let reason) = failure { Issue.record("\(reason)") }
  }

  @Test(arguments: ["127.0.0.1", "localhost"])
  func loopbackURLReachesThisMachine(host: String) throws {
    try serving { server in
      var request = ClientRequest("GET", "http://\(host):\(server.port)/m")
      request.destinations = .publicServers
      let response = try CurlClient().send(request)
      #expect(response.status == 200)
    }
  }

  @Test func connectionOfAWiderPolicyIsNotReused() throws {
    let transfer = Transfer(request(.publicServers))
    #expect(!transfer.start(to: "10.0.0.1"))
    #expect(transfer.refusedAddress == "10.0.0.1")
    #expect(Transfer(request(.publicServers)).start(to: "8.8.8.8"))
    #expect(Transfer(request(.anywhere)).start(to: "10.0.0.1"))
    #expect(Transfer(request(.publicServers), isLoopback: true).start(to: "127.0.0.1"))
    #expect(!Transfer(request(.publicServers), isLoopback: true).start(to: "8.8.8.8"))
  }

  /// libcurl asks the kernel for the other end's address, which a reset takes away.
  @Test(arguments: [nil, ""])
  func resetConnectionIsNotForbidden(address: String?) {
    let transfer = Transfer(request(.publicServers), isLoopback: true)
    #expect(!transfer.start(to: address))
    #expect(transfer.refusedAddress == nil && transfer.wasReset && transfer.starts == 0)
    #expect(Transfer(request(.anywhere)).start(to: address))
  }

  /// The addresses of a name are checked when it is connected to; libcurl resolves every name below
  /// `localhost` to this machine.
  @Test func addressBehindANameIsChecked() {
    var request = ClientRequest("GET", "https://hooks.localhost:9/")
    request.destinations = .publicServers
    let failure = #expect(throws: TransportFailure.self) { try CurlClient().send(request) }
    guard case .forbidden(let reason) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(reason.hasPrefix("https://hooks.localhost:9: "))
    #expect(reason.hasSuffix("is no public address"))
  }

  private func request(_ reach: DestinationPolicy) -> ClientRequest {
    var request = ClientRequest("GET", "https://hooks.example.com/")
    request.destinations = reach
    return request
  }
}
