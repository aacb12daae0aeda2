import Foundation
import HTTPServer
import HTTPTypes
import Operations
import Records
import Setup
import StepKit
import Store
import TestSupport
import Testing
import Values

@testable import Policies

/// Limits of a policy: no operator can let through what they keep back.
struct LimitTests {
  private let now = WallClock.system.now()

  @Test(arguments: [
    (#"{"largest":{"USD":9.99}}"#, "allows at most 9.99 USD, and this thing is of 10 USD"),
    (#"{"allow":["POST /others/*","mail"]}"#, "does not allow this thing"),
  ]) func changeBeyondALimitIsRefused(policy: String, reason: String) throws {
    let held = try HeldRuns.making()
    try held.policy(policy)
    let run = try held.dispatch()
    #expect(run.status == .notSynced)
    #expect(run.reason == "the policy of ab \(reason)")
    #expect(held.api.requests.isEmpty)
  }

  @Test(arguments: [#"{"largest":{"USD":10}}"#, #"{"allow":["POST /things"]}"#])
  func changeWithinTheLimitsLeaves(policy: String) throws {
    let held = try HeldRuns.making()
    try held.policy(policy)
    #expect(try held.dispatch().status == .success)
  }

  @Test(arguments: [
    #"{"hourly":{"count":2}}"#, #"{"daily":{"count":2}}"#, #"{"hourly":{"sums":{"USD":29.99}}}"#,
    #"{"daily":{"sums":{"USD":20}}}"#,
  ]) func capLetsNoMoreLeaveBeforeItsEnd(policy: String) throws {
    let held = try HeldRuns.making()
    try held.policy(policy)
    let runs = try (1...3).map { try held.dispatch("e\($0)") }
    #expect(runs.map(\.status) == [.success, .success, .pending])
    #expect(held.api.requests.count == 2)
    let hold = try held.holds.hold(of: runs[2].id)
    #expect(hold.cause == .cap)
    #expect(runs[2].due == hold.until)
    #expect(throws: Problem.self) { try held.holds.grant(hold.run, by: "ada", now: now) }
    let wait = try #require(hold.until).seconds - WallClock.system.now().seconds + 2
    #expect(try held.ending(runs[2], ahead: wait) == "success")
  }

  @Test func postponedChangeIsCountedOnce() throws {
    let held = try HeldRuns { count in
      count < 3
        ? Response(429, headers: ["Retry-After": "1"], body: Array("{}".utf8))
        : Response(201, type: "application/json", text: "{}")
    }
    try held.policy(#"{"daily":{"count":1}}"#)
    let run = try held.dispatch()
    #expect(try held.ending(run) == "success")
    #expect(held.api.requests.count == 3)
  }

  @Test func freezeHoldsUntilItsEnd() throws {
    let held = try HeldRuns.making()
    let (from, until) = (now.adding(seconds: -3600), now.adding(seconds: 3600))
    try held.policy(
      #"{"freezes":[{"from":"\#(from.text.prefix(16))","until":"\#(until.text.prefix(16))"}]}"#)
    let run = try held.dispatch()
    let hold = try held.holds.hold(of: run.id)
    #expect(hold.cause == .freeze && !hold.cause.isGrantable)
    #expect(held.api.requests.isEmpty)
    #expect(try held.ending(run, ahead: 2 * 3600) == "success")
  }

  @Test func breakerStaysOpenUntilAPersonClosesIt() throws {
    let held = try HeldRuns { count in
      Response(count < 3 ? 400 : 201, type: "application/json", text: "{}")
    }
    try held.policy(#"{"breaker":{"failures":2,"minutes":60}}"#)
    #expect(try held.dispatch("e1").status == .notSynced)
    #expect(try held.dispatch("e2").status == .notSynced)
    let run = try held.dispatch("e3")
    #expect(try held.holds.hold(of: run.id).cause == .breaker)
    #expect(held.api.requests.count == 2)
    try held.policies.reset(of: "ab")
    try held.policy(#"{"breaker":{"failures":2,"minutes":60}}"#)
    #expect(try held.ending(run) == "success")
  }

  @Test(arguments: [#"{"hold":"som"}"#, "[]", "{", #"{"future":true}"#])
  func policyThatCannotBeReadHoldsEverything(text: String) throws {
    let held = try HeldRuns.making()
    _ = try held.home.commit([.put(StoreKey.policy.key("ab"), text)])
    let run = try held.dispatch()
    #expect(try held.holds.hold(of: run.id).cause == .policy)
    #expect(held.api.requests.isEmpty)
    #expect(throws: Problem.self) { try held.holds.grant(run.id, by: "ada", now: now) }
    try held.policy("{}")
    #expect(try held.ending(run) == "success")
  }

  @Test func stoppedEffectsAreOfTheWholeHome() throws {
    let held = try HeldRuns.making()
    let stop = EffectStop(home: held.home)
    try stop.stop(by: "ada", reason: "an audit", now: now)
    let run = try held.dispatch()
    #expect(run.status == .pending && run.waitsForSomebody)
    #expect(run.reason?.hasPrefix("all changes are stopped by ada: an audit; ") == true)
    #expect(held.api.requests.isEmpty)
    let items = try Attention(held.registry, isServing: true).items(at: now)
    #expect(items.map(\.id) == ["held/effects"])
    try stop.start()
    #expect(try held.ending(run) == "success")
  }

  @Test func stopThatCannotBeReadStops() throws {
    let held = try HeldRuns.making()
    _ = try held.home.commit([.put(StoreKey.stopped.key("effects"), "{")])
    #expect(try held.dispatch().status == .pending)
    #expect(held.api.requests.isEmpty)
  }
}
