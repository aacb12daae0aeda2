import Dispatcher
import Operations
import Records
import Sandbox
import Setup
import Stage
import StepKit
import Testing
import Values

/// Plans against the sandbox: they change nothing, and say what then happens.
@Suite(.serialized) struct PlanTests {
  @Test func saysWhatACustomerSyncThenDoes() throws {
    let (stage, plan, made) = try planned("chargebee-togai-customer-sync", "chargebee") { stage in
      try stage.addCustomer("planned")
      return try #require(stage.sandbox.state["chargebee"]["events"].array?.last)
    }
    #expect(plan.parts.map(\.summary) == ["start", "create", "create"])
    #expect(!plan.needsAttention)
    #expect(changes(of: plan) == made)
    #expect(made.count == 2)

    let again = try stage.planner(mayRead: true).plan(
      #require(stage.sandbox.state["chargebee"]["events"].array?.last), for: plan.flowConnection)
    #expect(!again.changes)
    #expect(again.parts.map(\.summary) == ["start", "skip", "skip"])
    stage.close()
  }

  @Test func saysWhatAnInvoiceSyncThenDoes() throws {
    let (stage, plan, made) = try planned("togai-chargebee-invoice-sync", "togai") { stage in
      try stage.addCustomer("planned")
      let events = stage.sandbox.state["chargebee"]["events"].array ?? []
      _ = try stage.dispatch(#require(events.last), from: "chargebee")
      try stage.invoice("planned", cents: 12_345)
      return ["payload": try #require(stage.sandbox.state["togai"]["invoices"].array?.last)]
    }
    #expect(plan.parts.map(\.summary) == ["start", "create", "create"])
    let planned = changes(of: plan)
    #expect(planned.count == made.count)
    // What comes after the invoice depends on the id that it gets
    #expect(planned.first == made.first)
    #expect(planned.first?.contains("charges%5Bamount%5D%5B0%5D=12345") == true)
    stage.close()
  }

  @Test func changesNothingAndAsksNobodyWithoutLeave() throws {
    let stage = try Stage(seed: 21)
    defer { stage.close() }
    try stage.addCustomer("planned")
    try stage.pay("planned")
    let event = try #require(
      stage.sandbox.state["chargebee"]["events"].array?.last {
        $0["event_type"] == "payment_succeeded"
      })
    let plan = try stage.planner(mayRead: false).plan(
      event, for: "associate-priceplan-on-chargebee-payment")
    #expect(stage.sandbox.requests.isEmpty)
    #expect(plan.needsAttention)
    #expect(plan.parts.last?.reason?.contains("pass --read") == true)
    #expect(try Links(home: stage.registry.home).rows().isEmpty)
    #expect(try RunStore(home: stage.registry.home).runs().isEmpty)
  }

  /// Plans, looks that nothing was changed, carries the event, and gives what was then asked for.
  private func planned(
    _ flow: String, _ connection: String, _ prepare: (Stage) throws -> JSON
  ) throws -> (Stage, Plan, made: [String]) {
    let stage = try Stage(seed: 20)
    let event = try prepare(stage)
    let before = stage.changes.count
    let plan = try stage.planner(mayRead: true).plan(event, for: flow)
    #expect(stage.changes.count == before)
    let runs = try stage.dispatch(event, from: connection)
    #expect(runs.allSatisfy { $0.status == .success }, "\(runs.compactMap(\.reason))")
    return (stage, plan, Array(stage.changes.dropFirst(before)))
  }

  private func changes(of plan: Plan) -> [String] {
    plan.parts.flatMap(\.effects).filter { $0.changeKind == .create || $0.changeKind == .update }
      .map {
        "\($0.effect.json["http"]["method"].string ?? "") \($0.path ?? "") \($0.body ?? "")"
      }
  }
}

extension Stage {
  fileprivate func planner(mayRead: Bool) -> Planner {
    Planner(registry: registry, caller: functions, mayRead: mayRead, clock: clock)
  }

  fileprivate func dispatch(_ event: JSON, from connection: String) throws -> [Run] {
    try Foreground(registry: registry, caller: functions, clock: clock)
      .dispatch(event, from: registry.connections.get(connection))
  }

  /// The requests that were not reads, as far as a plan can say them.
  fileprivate var changes: [String] {
    sandbox.requests.filter { $0["method"] != "GET" }.map { request in
      let target = request["target"].string ?? ""
      let path = ["/chargebee/api/v2", "/togai"].first(where: target.hasPrefix)
        .map { String(target.dropFirst($0.count)) }
      return "\(request["method"].string ?? "") \(path ?? target) \(request["body"].string ?? "")"
    }
  }
}
