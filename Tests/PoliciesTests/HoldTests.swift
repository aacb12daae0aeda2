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

/// Changes that wait for a person: nothing is sent before, and what is granted is sent once.
struct HoldTests {
  private let now = WallClock.system.now()

  @Test func heldChangeIsSentOnceWhenItIsGranted() throws {
    let held = try HeldRuns.making()
    try held.policy(#"{"hold":"all"}"#)
    let run = try held.dispatch()
    #expect(run.status == .pending && run.waitsForSomebody && run.hasHold)
    #expect(run.reason == "thing of 10 USD is held: the policy holds all changes")
    #expect(held.api.requests.isEmpty)
    let hold = try held.holds.hold(of: run.id)
    #expect(hold.money == Money(10, "USD") && hold.kind == "thing" && hold.cause == .all)

    let items = try Attention(held.registry, isServing: true).items(at: now)
    #expect(items.map(\.id) == ["held/\(run.id)"])
    #expect(items.first?.amount == "10 USD")
    #expect(throws: Problem.self) {
      try Attention(held.registry).acknowledge(items[0], by: "ada", now: now)
    }

    let granted = try held.holds.grant(run.id, by: "ada", note: "seen", now: now)
    #expect(granted.grants.map(\.by) == ["ada"])
    #expect(try held.ending(run) == "success")
    #expect(held.api.requests.count == 1)
    #expect(throws: Problem.self, "it is gone") { try held.holds.hold(of: run.id) }
    #expect(try held.home.documents(below: StoreKey.hold.prefix).isEmpty)
  }

  @Test func grantIsForExactlyTheseBytes() throws {
    let held = try HeldRuns.making()
    try held.policy(#"{"hold":"all"}"#)
    let run = try held.dispatch()
    let before = try held.holds.hold(of: run.id)
    #expect(throws: Problem.self, "the operator saw something else") {
      try held.holds.grant(run.id, by: "ada", digest: "0000", now: now)
    }
    _ = try held.holds.grant(run.id, by: "ada", digest: String(before.digest.prefix(8)), now: now)
    try held.ask(#"{"amount":10000,"currency":"USD"}"#)
    try held.serve { try held.holds.hold(of: run.id).digest != before.digest }
    let after = try held.holds.hold(of: run.id)
    #expect(after.grants.isEmpty && after.money == Money(10000, "USD"))
    #expect(held.api.requests.isEmpty)
  }

  @Test func grantExpires() throws {
    let held = try HeldRuns.making()
    try held.policy(#"{"hold":"all","grantHours":2}"#)
    let run = try held.dispatch()
    _ = try held.holds.grant(run.id, by: "ada", now: now)
    try held.serve(ahead: 3 * 3600) { try held.holds.hold(of: run.id).grants.isEmpty }
    #expect(held.api.requests.isEmpty)
    #expect(try held.run(run).status == .pending)
  }

  @Test func grantedChangeThatTheAppPostponesIsNotHeldAnew() throws {
    let held = try HeldRuns { count in
      count < 3
        ? Response(429, headers: ["Retry-After": "1"], body: Array("{}".utf8))
        : Response(201, type: "application/json", text: "{}")
    }
    try held.policy(#"{"hold":"all"}"#)
    let run = try held.dispatch()
    _ = try held.holds.grant(run.id, by: "ada", now: now)
    #expect(try held.ending(run) == "success")
    #expect(held.api.requests.count == 3)
  }

  @Test func refusedChangeEndsTheRunAsNotSynced() throws {
    let held = try HeldRuns.making()
    try held.policy(#"{"hold":"all"}"#)
    let run = try held.dispatch()
    _ = try held.holds.refuse(run.id, by: "grace", reason: "it was paid by cheque", now: now)
    let ended = try held.end(run)
    #expect(ended.status == .notSynced)
    #expect(ended.reason == "refused by grace: it was paid by cheque")
    #expect(held.api.requests.isEmpty)
    #expect(try held.holds.all().isEmpty)
    // A retry asks again
    _ = try RunStore(home: held.home).retry(run.id, now: WallClock.system.now())
    try held.serve { try !held.holds.all().isEmpty }
    #expect(try held.holds.hold(of: run.id).refusal == nil)
  }

  @Test func fourEyesAreOfTwoOperators() throws {
    let held = try HeldRuns.making()
    try held.policy(#"{"hold":"all","approvals":2}"#)
    let run = try held.dispatch()
    #expect(try !held.holds.grant(run.id, by: "ada", now: now).isGranted(at: now))
    #expect(throws: Problem.self) { try held.holds.grant(run.id, by: "ada", now: now) }
    #expect(try held.holds.grant(run.id, by: "grace", now: now).isGranted(at: now))
    #expect(try held.ending(run) == "success")
    #expect(held.api.requests.count == 1)
  }

  @Test func canceledRunLeavesNoHold() throws {
    let held = try HeldRuns.making()
    try held.policy(#"{"hold":"all"}"#)
    let run = try held.dispatch()
    _ = try RunControl(home: held.home, person: "ada").cancel(run.id)
    #expect(try held.run(run).status == .canceled)
    #expect(try held.home.documents(below: StoreKey.hold.prefix).isEmpty)
  }

  @Test(arguments: [
    (nil, true), (#"{}"#, true), (#"{"hold":{"first":0}}"#, true), (#"{"hold":"none"}"#, false),
  ]) func stepHoldsByItselfUnlessThePolicySaysOtherwise(policy: String?, isHeld: Bool) throws {
    let held = try HeldRuns.making(declares: true)
    if let policy { try held.policy(policy) }
    #expect(try held.dispatch().hasHold == isHeld)
    #expect(held.api.requests.isEmpty == isHeld)
  }

  @Test func removedRuleLetsTheChangeGo() throws {
    let held = try HeldRuns.making()
    try held.policy(#"{"hold":"all"}"#)
    let run = try held.dispatch()
    try held.serve {
      if try held.policies.document(of: "ab") != [:] { try held.policy("{}") }
      return try held.run(run).status == .success
    }
    #expect(try held.home.documents(below: StoreKey.hold.prefix).isEmpty)
  }

  /// The runs of one customer wait one behind the other.
  @Test func changesOfOneCustomerAreGrantedTogether() throws {
    let held = try HeldRuns.making()
    try held.policy(#"{"hold":"all"}"#)
    let runs = try (1...3).map { try held.dispatch("e\($0)", about: "x") }
    try held.serve { try held.holds.all().count == 3 }
    try held.serve {
      for run in try held.holds.all() where run.grants.isEmpty {
        _ = try held.holds.grant(run.run, by: "ada", now: WallClock.system.now())
      }
      return try runs.allSatisfy { try held.run($0).status == .success }
    }
    #expect(held.api.requests.count == 3)
  }

  /// Other runs of a customer go on beside a held one, those of other flow connections too.
  @Test func heldRunLeavesItsLane() throws {
    let held = try HeldRuns.making()
    try held.policy(#"{"hold":"all"}"#)
    let run = try held.dispatch("e1", about: "x")
    #expect(run.lane.hasSuffix("|ab"))
  }

  @Test func firstChangesAreHeld() throws {
    let held = try HeldRuns.making()
    try held.policy(#"{"hold":{"first":2}}"#)
    for id in ["e1", "e2"] {
      let run = try held.dispatch(id)
      #expect(run.hasHold, "\(id)")
      _ = try held.holds.grant(run.id, by: "ada", now: WallClock.system.now())
      #expect(try held.ending(run) == "success")
    }
    #expect(try held.dispatch("e3").status == .success)
  }

  /// A rule about amounts holds what has none, and what is in a currency that it does not name.
  @Test(
    arguments: [
      (#"{"amount":1000,"currency":"USD"}"#, "/things", nil),
      (#"{"amount":1000.01,"currency":"USD"}"#, "/things", HoldCause.above),
      (#"{"amount":"1000.01","currency":"usd"}"#, "/things", .above),
      (#"{"amount":-2000,"currency":"USD"}"#, "/things", .above),
      (#"{"amount":1,"currency":"EUR"}"#, "/things", .amount),
      (#"{"amount":1}"#, "/things", .amount), (#"{"currency":"USD"}"#, "/things", .amount),
      (#"{"amount":"a lot","currency":"USD"}"#, "/things", .amount),
      (#"{"amount":1e99,"currency":"USD"}"#, "/things", .amount),
      (#"{}"#, "/notes", nil), (#"{}"#, "/undeclared", .amount),
    ] as [(String, String, HoldCause?)])
  func amountIsHeldByItsSizeAndIfItIsNotKnown(
    body: String, path: String, cause: HoldCause?
  ) throws {
    let held = try HeldRuns.making()
    try held.policy(#"{"hold":{"above":{"USD":1000}}}"#)
    try held.ask(body, path: path)
    let run = try held.dispatch()
    #expect(try held.holds.all().map(\.cause) == [cause].compactMap(\.self), "\(run.json.text)")
    #expect(held.api.requests.count == (cause == nil ? 1 : 0))
  }
}
