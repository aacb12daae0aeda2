import Dispatcher
import EndToEndSupport
import Operations
import Records
import Sandbox
import Setup
import StepKit
import Testing
import Values

/// Plans with the sandbox: they change nothing and predict the run.
@Suite(.serialized) struct PlanTests {
  @Test func planPredictsACustomerSync() throws {
    let (fixture, plan, made) = try planned("chargebee-togai-customer-sync", "chargebee") {
      fixture in
      try fixture.addCustomer("planned")
      return try #require(fixture.sandbox.state["chargebee"]["events"].array?.last)
    }
    #expect(plan.parts.map(\.summary) == ["start", "create", "create"])
    #expect(!plan.needsAttention)
    #expect(changes(of: plan) == made)
    #expect(made.count == 2)

    let again = try fixture.planner(mayRead: true).plan(
      #require(fixture.sandbox.state["chargebee"]["events"].array?.last), for: plan.flowConnection)
    #expect(!again.changes)
    #expect(again.parts.map(\.summary) == ["start", "skip", "skip"])
    fixture.close()
  }

  @Test func planPredictsAnInvoiceSync() throws {
    let (fixture, plan, made) = try planned("togai-chargebee-invoice-sync", "togai") { fixture in
      try fixture.addCustomer("planned")
      let events = fixture.sandbox.state["chargebee"]["events"].array ?? []
      _ = try fixture.dispatch(#require(events.last), from: "chargebee")
      try fixture.invoice("planned", cents: 12_345)
      return ["payload": try #require(fixture.sandbox.state["togai"]["invoices"].array?.last)]
    }
    #expect(plan.parts.map(\.summary) == ["start", "create", "create"])
    let planned = changes(of: plan)
    #expect(planned.count == made.count)
    // The later requests contain the id of the invoice.
    #expect(planned.first == made.first)
    #expect(planned.first?.contains("charges%5Bamount%5D%5B0%5D=12345") == true)
    fixture.close()
  }

  @Test func planWithoutReadsSendsNoRequest() throws {
    let fixture = try EndToEnd(seed: 21)
    defer { fixture.close() }
    try fixture.addCustomer("planned")
    try fixture.pay("planned")
    let event = try #require(
      fixture.sandbox.state["chargebee"]["events"].array?.last {
        $0["event_type"] == "payment_succeeded"
      })
    let plan = try fixture.planner(mayRead: false).plan(
      event, for: "associate-priceplan-on-chargebee-payment")
    #expect(fixture.sandbox.requests.isEmpty)
    #expect(plan.needsAttention)
    #expect(plan.parts.last?.reason?.contains("pass --read") == true)
    #expect(try Links(home: fixture.registry.home).rows().isEmpty)
    #expect(try RunStore(home: fixture.registry.home).runs().isEmpty)
  }

  /// Plans an event, checks that nothing changed, dispatches it, and returns the requests that it made.
  private func planned(
    _ flow: String, _ connection: String, _ prepare: (EndToEnd) throws -> JSON
  ) throws -> (EndToEnd, Plan, made: [String]) {
    let fixture = try EndToEnd(seed: 20)
    let event = try prepare(fixture)
    let before = fixture.changes.count
    let plan = try fixture.planner(mayRead: true).plan(event, for: flow)
    #expect(fixture.changes.count == before)
    let runs = try fixture.dispatch(event, from: connection)
    #expect(runs.allSatisfy { $0.status == .success }, "\(runs.compactMap(\.reason))")
    return (fixture, plan, Array(fixture.changes.dropFirst(before)))
  }

  private func changes(of plan: Plan) -> [String] {
    plan.parts.flatMap(\.effects).filter { $0.changeKind == .create || $0.changeKind == .update }
      .map {
        "\($0.effect.json["http"]["method"].string ?? "") \($0.path ?? "") \($0.body ?? "")"
      }
  }
}

extension EndToEnd {
  fileprivate func planner(mayRead: Bool) -> Planner {
    Planner(registry: registry, caller: functions, mayRead: mayRead, clock: clock)
  }

  func dispatch(_ event: JSON, from connection: String) throws -> [Run] {
    try Foreground(registry: registry, caller: functions, clock: clock)
      .dispatch(event, from: registry.connections.get(connection))
  }

  /// The requests that change something, in the form of a plan.
  fileprivate var changes: [String] {
    sandbox.requests.filter { $0["method"] != "GET" }.map { request in
      let target = request["target"].string ?? ""
      let path = ["/chargebee/api/v2", "/togai"].first(where: target.hasPrefix)
        .map { String(target.dropFirst($0.count)) }
      return "\(request["method"].string ?? "") \(path ?? target) \(request["body"].string ?? "")"
    }
  }
}
