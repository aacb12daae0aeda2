import Catalog
import EndToEndSupport
import FoundationEssentials
import Records
import Sandbox
import Setup
import StepKit
import Testing
import Values

/// What a change in the middle of a term grants, by the credit note that Chargebee makes for it.
@Suite(.serialized) struct PlanChangeTests {
  /// Three seats become five for the rest of the term: two more are granted, not five.
  @Test func moreSeatsGrantTheDifference() throws {
    let fixture = try EndToEnd(seed: 61)
    defer { fixture.close() }
    // Of nothing in Togai, since the price of a part of a term is not that of a whole one
    _ = try fixture.sandbox.definePricePlan([
      "id": .string(EndToEnd.plan), "type": "PURCHASE", "price": 0,
      "features": [["id": .string(EndToEnd.feature), "name": "API calls", "credits": 1000]],
    ])
    let said = try fixture.syncBothWays(copies: 2) {
      try fixture.addCustomer("acme")
    } then: {
      _ = try fixture.sandbox.payForPlan([
        "customer": "acme", "items": [["item_price": .string(EndToEnd.itemPrice), "quantity": 3]],
      ])
    } then: {
      fixture.sandbox.advance(seconds: 20 * 86_400)
      _ = try fixture.sandbox.changePlan([
        "subscription": fixture.sandbox.state["chargebee"]["subscriptions"].array?.first?["id"]
          ?? .null,
        "items": [["item_price": .string(EndToEnd.itemPrice), "quantity": 5]],
      ])
    }
    let state = fixture.sandbox.state
    let notes = state["chargebee"]["credit_notes"].array ?? []
    #expect(notes.map { $0["status"] } == ["refunded"], "\(said)")
    let quantities = state["togai"]["purchases"].array?.compactMap { $0["quantity"].int }
    #expect(quantities == [3, 2], "\(said)")
    let granted = (state["togai"]["credits"].array ?? []).compactMap { $0["granted"].int }
    #expect(granted.reduce(0, +) == 5000, "\(said)")
    #expect(said.statuses.isSubset(of: [.success, .stopped]), "\(said)")
  }

  /// Of two flow connections for one payment the first by name grants, and the other tells what was granted.
  @Test func secondFlowConnectionTellsWhatTheFirstGranted() throws {
    let fixture = try EndToEnd(seed: 62)
    defer { fixture.close() }
    _ = try fixture.sandbox.definePricePlan([
      "id": "pp.other", "type": "PURCHASE", "price": 490,
      "features": [["id": .string(EndToEnd.feature), "name": "API calls", "credits": 7]],
    ])
    let flow = "associate-priceplan-on-chargebee-payment"
    let step = try #require(StepID("togai/associate-price-plan"))
    _ = try fixture.registry.connect(
      flow: flow, name: "zz-other", connections: [:], settings: [step: ["pricePlan": "pp.other"]])
    _ = try fixture.registry.flows.enable("zz-other", true)
    let said = try fixture.syncBothWays(copies: 2) {
      try fixture.addCustomer("acme")
    } then: {
      try fixture.pay("acme")
    }
    let purchases = fixture.sandbox.state["togai"]["purchases"].array ?? []
    #expect(purchases.map { $0["pricePlanId"].string } == [EndToEnd.plan], "\(said)")
    let losers = said.runs.filter { $0.flowConnection == "zz-other" && $0.status == .notSynced }
    let reason = losers.first?.reason ?? ""
    #expect(losers.count == 1, "\(said)")
    #expect(reason.contains("price plan \(EndToEnd.plan) is granted already"), "\(reason)")
    #expect(reason.contains("names pp.other"), "\(reason)")
  }
}
