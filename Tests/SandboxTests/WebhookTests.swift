import HTTPServer
import HTTPTypes
import StepKit
import Testing
import Values

@testable import Sandbox

@Suite struct WebhookTests {
  /// A stand whose Chargebee sends to a mailbox.
  private func stand(
    _ mailbox: Mailbox, copies: Int = 1, shuffle: UInt64? = nil
  ) throws -> Stand {
    let stand = try Stand()
    stand.sandbox.setWebhook(
      WebhookSettings(
        url: mailbox.url, username: "hook", password: "s3cret", copies: copies, shuffle: shuffle),
      of: "chargebee")
    return stand
  }

  @Test func sendsTheEventWithBasicAuthentication() throws {
    let mailbox = try Mailbox()
    defer { mailbox.stop() }
    let stand = try stand(mailbox)
    try stand.customer()
    try stand.settle()
    let request = try #require(mailbox.requests.first)
    #expect(request.headers["Authorization"] == "Basic aG9vazpzM2NyZXQ=")
    #expect(request.headers["Content-Type"] == "application/json;charset=utf-8")
    let event = try #require(mailbox.bodies.first)
    #expect(event["event_type"] == "customer_created")
    #expect(event["webhook_status"] == "scheduled")
    #expect(event["api_version"] == "v2")
    let stored = try stand.chargebee("GET", "/events/\(event["id"].string ?? "")")
    #expect(stored["event.webhook_status"] == "succeeded")
    #expect(stored["event.content"] == event["content"])
    #expect(stand.sandbox.deliveries.map { $0["outcome"] } == ["200"])
  }

  @Test func triesSevenTimesMoreAndGivesUp() throws {
    let mailbox = try Mailbox { _ in 500 }
    defer { mailbox.stop() }
    let stand = try stand(mailbox)
    try stand.customer()
    try stand.settle()
    var counts = [mailbox.requests.count]
    for minutes in [2, 6, 30, 60, 300, 1440, 2880, 10_000] {
      stand.sandbox.advance(seconds: minutes * 60 - 1)
      try stand.settle()
      #expect(mailbox.requests.count == counts.last)
      stand.sandbox.advance(seconds: 1)
      try stand.settle()
      counts.append(mailbox.requests.count)
    }
    #expect(counts == [1, 2, 3, 4, 5, 6, 7, 8, 8])
    let events = try stand.chargebee("GET", "/events")
    #expect(events["list"].array?.first?["event"]["webhook_status"] == "failed")
  }

  @Test func stopsTryingOnceItIsTaken() throws {
    let mailbox = try Mailbox { $0 == 1 ? 503 : 204 }
    defer { mailbox.stop() }
    let stand = try stand(mailbox)
    try stand.customer()
    try stand.settle()
    let events = try stand.chargebee("GET", "/events")
    #expect(events["list"].array?.first?["event"]["webhook_status"] == "re_scheduled")
    stand.sandbox.advance(seconds: 100_000)
    try stand.settle()
    stand.sandbox.advance(seconds: 100_000)
    try stand.settle()
    #expect(mailbox.requests.count == 2)
  }

  @Test func aReceiverThatIsNotThereIsTriedAgain() throws {
    let port = try Server(listen: "127.0.0.1:0").port
    let stand = try Stand()
    stand.sandbox.setWebhook(
      WebhookSettings(url: "http://127.0.0.1:\(port)/?key=s3cret"), of: "togai")
    try stand.account()
    try stand.settle()
    let outcome = stand.sandbox.deliveries.first?["outcome"].string ?? ""
    #expect(outcome == "not sent: http://127.0.0.1:\(port): no connection can be made")
  }

  @Test func retriesByAScaledClock() throws {
    let mailbox = try Mailbox { $0 < 3 ? 500 : 200 }
    defer { mailbox.stop() }
    let stand = try stand(mailbox)
    _ = try stand.control("POST", "clock", ["speed": 10000])
    try stand.customer()
    for _ in 0..<400 where mailbox.requests.count < 3 { usleepMilliseconds(5) }
    #expect(mailbox.requests.count == 3)
  }

  @Test func sendsCopiesShuffledAfterAHold() throws {
    func order(_ seed: UInt64?) throws -> [String] {
      let mailbox = try Mailbox()
      defer { mailbox.stop() }
      let stand = try stand(mailbox, copies: 2, shuffle: seed)
      stand.sandbox.hold("chargebee")
      for number in 0..<6 { try stand.customer("c-\(number)") }
      try stand.settle()
      #expect(mailbox.requests.isEmpty)
      stand.sandbox.release("chargebee")
      try stand.settle()
      return mailbox.bodies.compactMap { $0[path: "content.customer.id"].string }
    }
    let straight = try order(nil)
    #expect(straight == (0..<6).flatMap { ["c-\($0)", "c-\($0)"] })
    let shuffled = try order(7)
    #expect(shuffled.sorted() == straight)
    #expect(shuffled != straight)
    #expect(try order(7) == shuffled)
    #expect(try order(8) != shuffled)
  }

  @Test func staysSilentWhereTheCallAsksForIt() throws {
    let mailbox = try Mailbox()
    defer { mailbox.stop() }
    let stand = try stand(mailbox)
    let quiet = try stand.chargebee(
      "POST", "/customers", ["id": "acme"], headers: ["chargebee-event-webhook": "all-disabled"])
    #expect(quiet.status == 200)
    let wrong = try stand.chargebee(
      "POST", "/customers", ["id": "acme2"], headers: ["chargebee-event-webhook": "some"])
    #expect(wrong.fault == "400 param_wrong_value chargebee-event-webhook")
    try stand.customer("other")
    try stand.settle()
    #expect(mailbox.requests.count == 1)
    let events = try stand.chargebee("GET", "/events")["list"].array ?? []
    #expect(events.map { $0["event"]["webhook_status"] } == ["succeeded", "disabled"])
  }

  @Test func togaiTellsOfAccountsInvoicesAndOrders() throws {
    let mailbox = try Mailbox()
    defer { mailbox.stop() }
    let stand = try Stand()
    _ = try stand.control("POST", "webhooks/togai", ["url": .string(mailbox.url)])
    try stand.account()
    let draft = try stand.sandbox.addInvoice(["account": "acme", "totalAmount": 10])
    try stand.sandbox.generateInvoice(draft["id"].string ?? "")
    try stand.sandbox.definePricePlan(["id": "pp.p", "type": "PURCHASE", "price": 5])
    _ = try stand.togai("POST", "/accounts/acme/purchases", ["pricePlanId": "pp.p"])
    try stand.settle()
    #expect(mailbox.types == ["ACCOUNT_CREATED", "INVOICE_GENERATED", "ORDER_GENERATED"])
    let bodies = mailbox.bodies
    #expect(bodies[0]["payload"]["id"] == "acme")
    #expect(bodies[0]["organizationId"] == "XlK5h64gND")
    #expect(bodies[1]["payload"]["status"] == "DUE")
    #expect(bodies[1]["payload"]["revenueInfo"] == .null)
    #expect(bodies[2]["payload"]["invoiceClass"] == "ORDER")
    #expect(mailbox.requests.allSatisfy { $0.headers["Authorization"] == nil })
  }
}
