import HTTPClient
import HTTPTypes
import Operations
import Records
import Service
import Setup
import TestHomes
import TestSupport
import Testing
import Values

@testable import Console

/// How events come in: counts of webhooks, reasons of refusals, the delay of each, and catch-up.
struct DeliveryPageTests {
  private static func send(_ body: String, to service: DispatcherService, password: Bool = true)
    throws
  {
    let headers: Headers =
      password ? ["Authorization": TestHome.authorization] : ["Authorization": "Basic eDp5"]
    _ = try CurlClient().send(
      ClientRequest(
        "POST", "http://127.0.0.1:\(service.port)/hooks/a", headers: headers,
        body: Array(body.utf8)))
  }

  @Test func webhooksAreCountedByWhatCameOfThem() throws {
    let fixture = try TestHome()
    try fixture.connect()
    try fixture.script("beta-take", #"read -r line; echo '{"outcome":"stop","reason":"x"}'"#)
    try fixture.serve { service in
      for _ in 1...3 { try Self.send(#"{"id":"e1","type":"made","about":"x"}"#, to: service) }
      try Self.send(#"{"id":"e2","type":"other","about":"x"}"#, to: service)
      try Self.send("<b>", to: service)
      for _ in 1...2 { try Self.send("{}", to: service, password: false) }
      var options = ConsoleOptions()
      options.metrics = service.counts
      let browser = try Browser(fixture, as: .viewer, options: options)
      let document = try browser.document("/delivery")
      #expect(
        document["webhooks"]["outcomes"] == [
          "taken": 1, "duplicate": 2, "unheard": 1, "unreadable": 1, "refused": 2,
        ])
      let refusals = document["webhooks"]["refusals"].items
      #expect(refusals.map { $0["count"] } == [2, 1])
      #expect(refusals.first?["reason"] == "the user name, password or secret is wrong")
      let schema = try APITests.schema(of: OpenAPI.document["paths"]["/delivery"]["get"])
      #expect(schema.fault(in: document) == nil)
      let page = try browser.get("/delivery").text
      #expect(page.contains("The user name, password or secret is wrong"))
      #expect(page.contains("came again") && !page.contains("Catch up<"))
    }
  }

  /// Reasons that name a place in the body are as many as senders like.
  @Test func reasonsAreLimited() {
    let metrics = Metrics()
    let now = WallClock.system.now()
    for number in 1...300 { metrics.webhookRefused("at byte \(number)", at: now) }
    #expect(metrics.webhooks.refusals.count == 101)
    #expect(metrics.webhooks.refusals.first?.count == 200)
  }

  @Test func delayIsThatFromWhatTheAppSays() throws {
    let fixture = try TestHome()
    try fixture.connect()
    try fixture.script("beta-take", #"read -r line; echo '{"outcome":"stop","reason":"x"}'"#)
    let time = WallClock.system.now().adding(seconds: -3 * 3600)
    _ = try fixture.dispatch([
      "id": "e1", "type": "made", "about": "x", "time": .number(Numeral(time.milliseconds / 1000)),
    ])
    let browser = try Browser(fixture, as: .viewer)
    #expect(try browser.get("/events").text.contains("after 3 h"))
    let event = try #require(browser.document("/events").items.first)
    #expect(event["happened"].time?.milliseconds == time.milliseconds / 1000 * 1000)
    let key = try #require(event["key"].string)
    #expect(try browser.get("/events/\(key.percentEncoded)").text.contains("after 3 h"))
    let csv = try CSV(browser.get("/events.csv").text).records
    #expect(csv[0].fields[2] == "happened" && csv[1].fields[2] == event["happened"].string)
  }

  @Test func catchUpWithoutAPollIsRefused() throws {
    let fixture = try TestHome()
    try fixture.connect()
    let browser = try Browser(fixture, as: .operator)
    #expect(try browser.get("/delivery").text.contains("No enabled flow connection listens"))
    #expect(try browser.submit("/delivery/catch-up").status == 404)
    #expect(try browser.submit("/delivery/catch-up", ["since": "x"]).status == 400)
  }
}
