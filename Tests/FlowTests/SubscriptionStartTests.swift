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

/// Subscriptions of the future: the price plan begins when they do, and not before.
@Suite(.serialized) struct SubscriptionStartTests: SubscriptionSuite {
  /// Begins a subscription that starts in ten days.
  private func begin(_ fixture: EndToEnd) throws {
    try fixture.sandbox.beginSubscription([
      "customer": "acme", "items": items(), "startsInDays": 10, "subscription": "sub-1",
    ])
  }

  /// The start of the account's only price plan, a date.
  private func start(_ fixture: EndToEnd) throws -> String {
    let schedules = fixture.sandbox.state["togai"]["schedules"]["acme"].array ?? []
    #expect(schedules.count == 1)
    return String(try #require(schedules.first?["startDate"].string?.prefix(10)))
  }

  @Test(arguments: [6, 20])
  func startThatIsMovedMovesThePlan(days: Int) throws {
    let fixture = try fixture()
    defer { fixture.close() }
    try play(
      fixture,
      [
        { try begin($0) },
        { fixture in
          #expect(try start(fixture) == day(fixture, after: 10))
          try fixture.sandbox.move(
            subscription: "sub-1", "start", ["startsInDays": .number(Numeral(days))])
        },
      ])
    #expect(try start(fixture) == day(fixture, after: days))
    #expect(plans(fixture) == ["pp.growth 9999-01-01"])
    let said = try runs(fixture)
    #expect(said.statuses.isSubset(of: Self.done), "\(said)")
  }

  @Test func subscriptionThatIsCancelledBeforeItsStartNeverHasThePlan() throws {
    let fixture = try fixture()
    defer { fixture.close() }
    try play(
      fixture,
      [
        { try begin($0) },
        { fixture in
          #expect(plans(fixture) == ["pp.growth 9999-01-01"])
          try fixture.sandbox.move(subscription: "sub-1", "cancel")
        },
      ])
    #expect(plans(fixture) == [])
  }

  @Test func startThatAPersonChoseIsLeftAlone() throws {
    let fixture = try fixture()
    defer { fixture.close() }
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
                  "effectiveFrom": .string(day($0, after: 5)), "effectiveUntil": "9999-01-01",
                ]
              ]
            ])
          try begin($0)
        },
        {
          try $0.sandbox.move(subscription: "sub-1", "start", ["startsInDays": 20])
        },
      ])
    #expect(try start(fixture) == day(fixture, after: 5))
  }

  @Test func subscriptionOfTheFutureHasThePlanFromItsStart() throws {
    let fixture = try fixture()
    defer { fixture.close() }
    let start = day(fixture, after: 10)
    try play(
      fixture,
      [
        {
          try $0.sandbox.beginSubscription([
            "customer": "acme", "items": items(), "startsInDays": 10,
          ])
        }
      ])
    let schedule = fixture.sandbox.state["togai"]["schedules"]["acme"].array?.first
    #expect(schedule?["startDate"].string?.prefix(10) == start.prefix(10))
  }
}
