import Catalog
import EndToEndSupport
import Foundation
import Policies
import Records
import Sandbox
import Service
import Setup
import StepKit
import TestSupport
import Testing
import Values

/// Subscriptions in Chargebee give the account its price plan in Togai and end it, whether or not anything is
/// paid.
@Suite(.serialized) struct SubscriptionTests: SubscriptionSuite {
  @Test func trialHasThePlanBeforeAnyPayment() throws {
    let fixture = try fixture()
    defer { fixture.close() }
    try play(
      fixture,
      [
        {
          try $0.sandbox.beginSubscription(["customer": "acme", "items": items(), "trialDays": 14])
        },
        { fixture in
          #expect(plans(fixture) == ["pp.growth 9999-01-01"])
          let id =
            fixture.sandbox.state["chargebee"]["subscriptions"].array?.first?["id"].string ?? ""
          try fixture.sandbox.move(subscription: id, "activate")
        },
      ])
    #expect(plans(fixture) == ["pp.growth 9999-01-01"])
    let said = try runs(fixture)
    #expect(said.statuses.isSubset(of: Self.done), "\(said)")
    #expect(said.notes.contains { $0.contains("associated price plan pp.growth on account acme") })
  }

  @Test func paymentAndSubscriptionGrantOnce() throws {
    let fixture = try fixture()
    defer { fixture.close() }
    let flow = "associate-priceplan-on-chargebee-payment"
    let step = try #require(StepID("togai/associate-price-plan"))
    _ = try fixture.registry.connect(
      flow: flow, name: flow, connections: [:], settings: [step: ["pricePlan": "pp.growth"]],
      replacing: true)
    try play(fixture, [{ try $0.pay("acme") }, { try $0.pay("acme") }])
    #expect(plans(fixture) == ["pp.growth 9999-01-01"])
    let said = try runs(fixture)
    #expect(said.statuses.isSubset(of: Self.done), "\(said)")
  }

  /// A late payment gives nothing that has ended meanwhile.
  @Test func paymentAfterTheEndGivesNoPlanWithoutAnEnd() throws {
    let fixture = try fixture()
    defer { fixture.close() }
    let flow = "associate-priceplan-on-chargebee-payment"
    let step = try #require(StepID("togai/associate-price-plan"))
    _ = try fixture.registry.connect(
      flow: flow, name: flow, connections: [:], settings: [step: ["pricePlan": "pp.growth"]],
      replacing: true)
    _ = try fixture.registry.flows.enable(flow, true)
    try play(
      fixture,
      [
        { try subscribe($0, "sub-1") },
        { try $0.sandbox.move(subscription: "sub-1", "cancel") },
        { fixture in
          fixture.sandbox.advance(seconds: 5 * 86_400)
          let invoice = try #require(
            fixture.sandbox.state["chargebee"]["invoices"].items.first?["id"].string)
          try fixture.askChargebee("/invoices/\(invoice)/collect_payment")
        },
      ])
    #expect(plans(fixture).allSatisfy { !$0.contains("9999") }, "\(plans(fixture))")
    let said = try runs(fixture)
    #expect(said.statuses.contains(.notSynced), "\(said)")
    #expect(said.reasons.contains { $0.contains("within the term that was paid for") }, "\(said)")
  }

  @Test func changeReplacesThePlanAndARemovedItemEndsIt() throws {
    let fixture = try fixture()
    defer { fixture.close() }
    let id = "sub-1"
    try fixture.sandbox.defineItemPrice([
      "id": "support-USD-Monthly", "price": 900, "currency_code": "USD",
    ])
    try play(
      fixture,
      [
        {
          try subscribe($0, id)
        },
        { try $0.sandbox.move(subscription: id, "items", ["items": items(Self.other)]) },
        { fixture in
          // Togai changes a running plan from tomorrow on
          #expect(
            plans(fixture) == ["pp.growth \(day(fixture, after: 1))", "pp.scale 9999-01-01"])
          try fixture.sandbox.move(
            subscription: id, "items", ["items": items("support-USD-Monthly")])
        },
      ])
    #expect(plans(fixture) == ["pp.growth \(day(fixture, after: 1))"])
    let said = try runs(fixture)
    #expect(said.statuses.isSubset(of: Self.done), "\(said)")
  }

  /// The ways in which a plan ends and comes back.
  @Test(arguments: [("cancel", "reactivate"), ("pause", "resume"), ("delete", "")])
  func planEndsAndComesBackWithTheSubscription(deed: String, undo: String) throws {
    let fixture = try fixture()
    defer { fixture.close() }
    let id = "sub-1"
    try play(
      fixture,
      [
        {
          try subscribe($0, id)
        },
        { try $0.sandbox.move(subscription: id, deed) },
        { fixture in
          #expect(plans(fixture) == ["pp.growth \(day(fixture, after: 1))"])
          if !undo.isEmpty { try fixture.sandbox.move(subscription: id, undo) }
        },
      ])
    if !undo.isEmpty { #expect(plans(fixture).last == "pp.growth 9999-01-01") }
    let said = try runs(fixture)
    #expect(said.statuses.isSubset(of: Self.done), "\(said)")
    #expect(said.notes.contains { $0.contains("ended price plan pp.growth on account acme") })
  }

  @Test func cancellationAtTheEndOfTheTermEndsThePlanThenAndCanBeTakenBack() throws {
    let fixture = try fixture()
    defer { fixture.close() }
    let id = "sub-1"
    try play(
      fixture,
      [
        {
          try subscribe($0, id)
        },
        { try $0.sandbox.move(subscription: id, "cancel_at_term_end") },
        { fixture in
          let subscription = fixture.sandbox.state["chargebee"]["subscriptions"].array?.first
          let end = Timestamp(seconds: subscription?["current_term_end"].int ?? 0)
          // The day of the end is the last one with the plan
          #expect(plans(fixture) == ["pp.growth \(end.adding(seconds: 86_399).date())"])
          try fixture.sandbox.move(subscription: id, "keep")
        },
      ])
    #expect(plans(fixture).last == "pp.growth 9999-01-01")
    let said = try runs(fixture)
    #expect(said.statuses.isSubset(of: Self.done), "\(said)")
  }

  @Test func twoSubscriptionsWithDifferentPlansNeedAPerson() throws {
    let fixture = try fixture()
    defer { fixture.close() }
    try play(
      fixture,
      [
        {
          try subscribe($0, "one")
        },
        {
          try subscribe($0, "two", to: Self.other)
        },
      ])
    #expect(plans(fixture) == ["pp.growth 9999-01-01"])
    let said = try runs(fixture)
    #expect(said.statuses.contains(.notSynced))
    #expect(said.reasons.contains { $0.contains("an account has one at a time") }, "\(said)")
  }

  @Test func endOfOneSubscriptionLeavesThePlanOfAnother() throws {
    let fixture = try fixture()
    defer { fixture.close() }
    try play(
      fixture,
      [
        {
          for id in ["one", "two"] {
            try subscribe($0, id)
          }
        },
        { try $0.sandbox.move(subscription: "one", "cancel") },
      ])
    #expect(plans(fixture) == ["pp.growth 9999-01-01"])
  }

  @Test func planOfNoSubscriptionIsLeftAlone() throws {
    let fixture = try fixture()
    defer { fixture.close() }
    try fixture.sandbox.defineItemPrice([
      "id": "support-USD-Monthly", "price": 900, "currency_code": "USD",
    ])
    try play(
      fixture,
      [
        {
          try $0.askTogai(
            "/accounts/acme/edit_schedules?dry_run=false",
            [
              "edits": [
                [
                  "mode": "ASSOCIATE", "pricePlanId": "pp.growth",
                  "effectiveFrom": .string(day($0)), "effectiveUntil": "9999-01-01",
                ]
              ]
            ])
          try subscribe($0, "one", to: "support-USD-Monthly")
        },
        { try $0.sandbox.move(subscription: "one", "cancel") },
      ])
    #expect(plans(fixture) == ["pp.growth 9999-01-01"])
  }
}
