import Foundation
import HTTPServer
import HTTPTypes
import StepKit
import Testing
import Values

@testable import Sandbox

@Suite struct WebhookTests {
  /// A fixture whose Chargebee sends its webhooks to a receiver.
  private func fixture(
    _ receiver: WebhookReceiver, copies: Int = 1, shuffle: UInt64? = nil
  ) throws -> SandboxFixture {
    let fixture = try SandboxFixture()
    fixture.sandbox.setWebhook(
      WebhookSettings(
        url: receiver.url, username: "hook", password: "s3cret", copies: copies, shuffle: shuffle),
      of: "chargebee")
    return fixture
  }

  @Test func eventIsPostedWithBasicAuthentication() throws {
    let receiver = try WebhookReceiver()
    defer { receiver.stop() }
    let fixture = try fixture(receiver)
    try fixture.customer()
    try fixture.settle()
    let request = try #require(receiver.requests.first)
    #expect(request.headers["Authorization"] == "Basic aG9vazpzM2NyZXQ=")
    #expect(request.headers["Content-Type"] == "application/json;charset=utf-8")
    let event = try #require(receiver.bodies.first)
    #expect(event["event_type"] == "customer_created")
    #expect(event["webhook_status"] == "scheduled")
    #expect(event["api_version"] == "v2")
    let stored = try fixture.chargebee("GET", "/events/\(event["id"].string ?? "")")
    #expect(stored["event.webhook_status"] == "succeeded")
    #expect(stored["event.content"] == event["content"])
    #expect(fixture.sandbox.deliveries.map { $0["outcome"] } == ["200"])
  }

  @Test func refusedWebhookIsRetriedSevenTimes() throws {
    let receiver = try WebhookReceiver { _ in 500 }
    defer { receiver.stop() }
    let fixture = try fixture(receiver)
    try fixture.customer()
    try fixture.settle()
    var counts = [receiver.requests.count]
    for minutes in [2, 6, 30, 60, 300, 1440, 2880, 10_000] {
      fixture.sandbox.advance(seconds: minutes * 60 - 1)
      try fixture.settle()
      #expect(receiver.requests.count == counts.last)
      fixture.sandbox.advance(seconds: 1)
      try fixture.settle()
      counts.append(receiver.requests.count)
    }
    #expect(counts == [1, 2, 3, 4, 5, 6, 7, 8, 8])
    let events = try fixture.chargebee("GET", "/events")
    #expect(events["list"].array?.first?["event"]["webhook_status"] == "failed")
  }

  @Test func acceptedWebhookIsNotRetried() throws {
    let receiver = try WebhookReceiver { $0 == 1 ? 503 : 204 }
    defer { receiver.stop() }
    let fixture = try fixture(receiver)
    try fixture.customer()
    try fixture.settle()
    let events = try fixture.chargebee("GET", "/events")
    #expect(events["list"].array?.first?["event"]["webhook_status"] == "re_scheduled")
    fixture.sandbox.advance(seconds: 100_000)
    try fixture.settle()
    fixture.sandbox.advance(seconds: 100_000)
    try fixture.settle()
    #expect(receiver.requests.count == 2)
  }

  @Test func unreachableReceiverIsReported() throws {
    let port = try Server(listen: "127.0.0.1:0").port
    let fixture = try SandboxFixture()
    fixture.sandbox.setWebhook(
      WebhookSettings(url: "http://127.0.0.1:\(port)/?key=s3cret"), of: "togai")
    try fixture.account()
    try fixture.settle()
    let outcome = fixture.sandbox.deliveries.first?["outcome"].string ?? ""
    #expect(outcome == "not sent: http://127.0.0.1:\(port): no connection can be made")
  }

  @Test func retriesFollowClockSpeed() throws {
    let receiver = try WebhookReceiver { $0 < 3 ? 500 : 200 }
    defer { receiver.stop() }
    let fixture = try fixture(receiver)
    _ = try fixture.control("POST", "clock", ["speed": 10000])
    try fixture.customer()
    for _ in 0..<400 where receiver.requests.count < 3 { Thread.sleep(forTimeInterval: 0.005) }
    #expect(receiver.requests.count == 3)
  }

  @Test func heldCopiesAreShuffledOnRelease() throws {
    func order(_ seed: UInt64?) throws -> [String] {
      let receiver = try WebhookReceiver()
      defer { receiver.stop() }
      let fixture = try fixture(receiver, copies: 2, shuffle: seed)
      fixture.sandbox.hold("chargebee")
      for number in 0..<6 { try fixture.customer("c-\(number)") }
      try fixture.settle()
      #expect(receiver.requests.isEmpty)
      fixture.sandbox.release("chargebee")
      try fixture.settle()
      return receiver.bodies.compactMap { $0[path: "content.customer.id"].string }
    }
    let straight = try order(nil)
    #expect(straight == (0..<6).flatMap { ["c-\($0)", "c-\($0)"] })
    let shuffled = try order(7)
    #expect(shuffled.sorted() == straight)
    #expect(shuffled != straight)
    #expect(try order(7) == shuffled)
    #expect(try order(8) != shuffled)
  }

  @Test func callMaySuppressWebhook() throws {
    let receiver = try WebhookReceiver()
    defer { receiver.stop() }
    let fixture = try fixture(receiver)
    let quiet = try fixture.chargebee(
      "POST", "/customers", ["id": "acme"], headers: ["chargebee-event-webhook": "all-disabled"])
    #expect(quiet.status == 200)
    let wrong = try fixture.chargebee(
      "POST", "/customers", ["id": "acme2"], headers: ["chargebee-event-webhook": "some"])
    #expect(wrong.fault == "400 param_wrong_value chargebee-event-webhook")
    try fixture.customer("other")
    try fixture.settle()
    #expect(receiver.requests.count == 1)
    let events = try fixture.chargebee("GET", "/events")["list"].array ?? []
    #expect(events.map { $0["event"]["webhook_status"] } == ["succeeded", "disabled"])
  }

  @Test func togaiSendsAccountInvoiceAndOrderEvents() throws {
    let receiver = try WebhookReceiver()
    defer { receiver.stop() }
    let fixture = try SandboxFixture()
    _ = try fixture.control("POST", "webhooks/togai", ["url": .string(receiver.url)])
    try fixture.account()
    let draft = try fixture.sandbox.addInvoice(["account": "acme", "totalAmount": 10])
    try fixture.sandbox.generateInvoice(draft["id"].string ?? "")
    try fixture.sandbox.definePricePlan(["id": "pp.p", "type": "PURCHASE", "price": 5])
    _ = try fixture.togai("POST", "/accounts/acme/purchases", ["pricePlanId": "pp.p"])
    try fixture.settle()
    #expect(receiver.types == ["ACCOUNT_CREATED", "INVOICE_GENERATED", "ORDER_GENERATED"])
    let bodies = receiver.bodies
    #expect(bodies[0]["payload"]["id"] == "acme")
    #expect(bodies[0]["organizationId"] == "XlK5h64gND")
    #expect(bodies[1]["payload"]["status"] == "DUE")
    #expect(bodies[1]["payload"]["revenueInfo"] == .null)
    #expect(bodies[2]["payload"]["invoiceClass"] == "ORDER")
    #expect(receiver.requests.allSatisfy { $0.headers["Authorization"] == nil })
  }
}
