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

/// What waits for a person when a subscription ends, and what does not; and licenses.
@Suite(.serialized) struct SubscriptionHoldTests: SubscriptionSuite {
  @Test func endWaitsForAPersonAndIsGivenUpIfTheSubscriptionGoesOn() throws {
    let fixture = try fixture(hold: "all")
    defer { fixture.close() }
    let id = "sub-1"
    let holds = HoldStore(home: fixture.registry.home)
    try fixture.serve { service, _ in
      try fixture.addCustomer("acme")
      #expect(fixture.settle(service))
      try subscribe(fixture, id)
      #expect(fixture.settle(service))
      try fixture.sandbox.move(subscription: id, "cancel")
      try waitUntil { try !holds.all().isEmpty }
      let hold = try #require(try holds.all().first)
      #expect(hold.kind == "plan-end")
      #expect(plans(fixture) == ["pp.growth 9999-01-01"])
      try fixture.sandbox.move(subscription: id, "reactivate")
      try waitUntil { try runs(fixture).runs.filter { $0.status == .success }.count >= 3 }
      _ = try holds.grant(hold.run, by: "ada", now: fixture.clock.now())
      #expect(fixture.settle(service))
    }
    #expect(plans(fixture) == ["pp.growth 9999-01-01"])
  }

  @Test func quantitiesOfLicensesFollowTheSubscription() throws {
    let table: JSON = [EndToEnd.itemPrice: "lic.seats"]
    let fixture = try fixture(["licenses": table.text])
    defer { fixture.close() }
    let id = "sub-1"
    try play(
      fixture,
      [
        {
          try subscribe($0, id, 3)
        },
        { try $0.sandbox.move(subscription: id, "items", ["items": items(EndToEnd.itemPrice, 5)]) },
        { try $0.sandbox.move(subscription: id, "items", ["items": items(EndToEnd.itemPrice, 3)]) },
        { try $0.sandbox.move(subscription: id, "cancel") },
      ])
    #expect(quantities(fixture) == [3, 5, 3, 0])
  }

  @Test func endThatWaitedForDaysIsMadeWhenItIsGranted() throws {
    let fixture = try fixture(hold: "all")
    defer { fixture.close() }
    let holds = HoldStore(home: fixture.registry.home)
    try fixture.serve { service, _ in
      try fixture.addCustomer("acme")
      #expect(fixture.settle(service))
      try subscribe(fixture, "sub-1")
      #expect(fixture.settle(service))
      try fixture.sandbox.move(subscription: "sub-1", "cancel")
      try waitUntil { try !holds.all().isEmpty }
      fixture.sandbox.advance(seconds: 3 * 86_400)
      let first = try #require(try holds.all().first)
      _ = try holds.grant(first.run, by: "ada", now: fixture.clock.now())
      // What was granted cannot be made any more: the end on a later date is another change
      let tomorrow = day(fixture, after: 1)
      try waitUntil(within: 60) { try holds.all().contains { $0.effect.text.contains(tomorrow) } }
      _ = try holds.grant(first.run, by: "ada", now: fixture.clock.now())
      #expect(fixture.settle(service))
    }
    #expect(plans(fixture) == ["pp.growth \(day(fixture, after: 1))"])
  }

  @Test func quantitiesDoNotWaitForAnEndThatIsHeld() throws {
    let table: JSON = [EndToEnd.itemPrice: "lic.seats"]
    let fixture = try fixture(hold: "all", ["licenses": table.text])
    defer { fixture.close() }
    let holds = HoldStore(home: fixture.registry.home)
    try fixture.serve { service, _ in
      try fixture.addCustomer("acme")
      #expect(fixture.settle(service))
      try subscribe(fixture, "sub-1", 3)
      #expect(fixture.settle(service))
      try fixture.sandbox.move(subscription: "sub-1", "cancel")
      try waitUntil { try !holds.all().isEmpty }
    }
    #expect(quantities(fixture) == [3, 0])
    #expect(plans(fixture) == ["pp.growth 9999-01-01"])
  }

  @Test func customerWhoCameBackKeepsThePlanThoughTheLicensesWereTakenBack() throws {
    let table: JSON = [EndToEnd.itemPrice: "lic.seats"]
    let fixture = try fixture(hold: "all", ["licenses": table.text])
    defer { fixture.close() }
    let holds = HoldStore(home: fixture.registry.home)
    try fixture.serve { service, _ in
      try fixture.addCustomer("acme")
      #expect(fixture.settle(service))
      try subscribe(fixture, "sub-1", 3)
      #expect(fixture.settle(service))
      try fixture.sandbox.move(subscription: "sub-1", "cancel")
      try waitUntil { try !holds.all().isEmpty }
      let hold = try #require(try holds.all().first)
      try fixture.sandbox.move(subscription: "sub-1", "reactivate")
      try waitUntil { quantities(fixture) == [3, 0, 3] }
      _ = try holds.grant(hold.run, by: "ada", now: fixture.clock.now())
      #expect(fixture.settle(service))
    }
    #expect(plans(fixture) == ["pp.growth 9999-01-01"])
    #expect(quantities(fixture) == [3, 0, 3])
  }

  @Test func planThatTheFlowDoesNotNameIsNotReplaced() throws {
    let fixture = try fixture()
    defer { fixture.close() }
    try fixture.sandbox.definePricePlan(["id": "pp.enterprise", "type": "BILLING"])
    try play(
      fixture,
      [
        {
          try $0.askTogai(
            "/accounts/acme/edit_schedules?dry_run=false",
            [
              "edits": [
                [
                  "mode": "ASSOCIATE", "pricePlanId": "pp.enterprise",
                  "effectiveFrom": .string(day($0)), "effectiveUntil": "9999-01-01",
                ]
              ]
            ])
          try subscribe($0, "sub-1")
        }
      ])
    #expect(plans(fixture) == ["pp.enterprise 9999-01-01"])
    let said = try runs(fixture)
    #expect(said.reasons.contains { $0.contains("which the flow does not name") }, "\(said)")
  }

  @Test func removedItemTakesItsLicensesBack() throws {
    let table: JSON = [EndToEnd.itemPrice: "lic.seats"]
    let fixture = try fixture(["licenses": table.text])
    defer { fixture.close() }
    try play(
      fixture,
      [
        { try subscribe($0, "sub-1", 3) },
        { try $0.sandbox.move(subscription: "sub-1", "items", ["items": items(Self.other)]) },
      ])
    #expect(quantities(fixture) == [3, 0])
  }

  /// The quantities of licenses that were set, the oldest first.
  private func quantities(_ fixture: EndToEnd) -> [Int] {
    (fixture.sandbox.state["togai"]["licenseUpdates"].array ?? []).compactMap {
      $0["quantity"].int
    }
  }
}
