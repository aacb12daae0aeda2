import HTTPClient
import HTTPServer
import HTTPTypes
import Sandbox
import Synchronization
import Testing
import Values

@Suite struct InProcessSandboxTests {
  /// Seconds of virtual time.
  private final class VirtualTime: Sendable {
    private let seconds = Mutex(0.0)

    var now: Double { seconds.withLock { $0 } }
    func advance(_ duration: Double) { seconds.withLock { $0 += duration } }
  }

  private func create(_ id: String) throws -> Request {
    try #require(
      Request(
        "POST", "/chargebee/api/v2/customers",
        headers: [
          "Authorization": "Basic dGVzdF9zYW5kYm94Og==",
          "Content-Type": "application/x-www-form-urlencoded",
        ],
        body: Array("id=\(id)".utf8)))
  }

  @Test func requestIsAnsweredAndWebhookPulledInVirtualTime() throws {
    let time = VirtualTime()
    var options = SandboxOptions()
    options.speed = 1
    options.uptime = { time.now }
    let sandbox = InProcessSandbox(options)
    sandbox.setWebhook(WebhookSettings(url: "http://receiver.example/hook"), of: "chargebee")

    #expect(sandbox.answer(try create("acme")).status == 200)
    let first = try #require(sandbox.takeDueDeliveries().first)
    #expect(first.request.url == "http://receiver.example/hook")
    #expect(try JSON(parsing: first.request.body ?? [])["event_type"] == "customer_created")
    #expect(sandbox.takeDueDeliveries().isEmpty)

    sandbox.finish(first, status: 503)
    #expect(sandbox.nextDelivery == Timestamp(seconds: 1_767_225_600 + 120))
    time.advance(119)
    #expect(sandbox.takeDueDeliveries().isEmpty)
    time.advance(1)
    let second = try #require(sandbox.takeDueDeliveries().first)
    #expect(second.attempt == 2)
    sandbox.finish(second, status: 200)
    #expect(sandbox.nextDelivery == nil)
    #expect(sandbox.deliveries.map { $0["outcome"] } == ["503", "200"])
  }

  @Test func faultIsChosenByCaller() throws {
    var options = SandboxOptions()
    options.faults = { app, method, path in
      app == "chargebee" && method == "POST" && path == "/customers" ? .doAndDrop : nil
    }
    let sandbox = InProcessSandbox(options)
    #expect(sandbox.answer(try create("acme")).dropsConnection)
    #expect(sandbox.state["chargebee"]["customers"].array?.count == 1)
  }

  @Test func sameRequestsGiveSameState() throws {
    func state() throws -> JSON {
      let sandbox = InProcessSandbox()
      for id in ["a", "b", ""] { _ = sandbox.answer(try create(id)) }
      return sandbox.state
    }
    #expect(try state() == state())
  }

  @Test func controlAPIIsAnswered() throws {
    let sandbox = InProcessSandbox()
    let request = try #require(
      Request("POST", "/sandbox/clock", body: Array(#"{"advance":60}"#.utf8)))
    #expect(sandbox.answer(request).status == 200)
    #expect(sandbox.now == Timestamp(seconds: 1_767_225_660))
  }
}
