import Foundation
import HTTPServer
import Records
import Setup
import StepKit
import Store
import TestHomes
import TestSupport
import Testing
import Values

@testable import Operations

/// What needs a person's attention, and how it leaves the list.
struct AttentionTests {
  private let fixture: TestHome
  private var home: Home { fixture.home }
  private var attention: Attention { Attention(fixture.registry, isServing: true) }
  private let now = WallClock.system.now()

  init() throws {
    fixture = try TestHome()
    try fixture.connect()
  }

  private func reply(_ json: String) throws { try fixture.script("beta-take", "echo '\(json)'") }

  private func dispatch(_ id: String, about: String = "x") throws -> Run {
    let runs = try fixture.dispatch(["id": .string(id), "type": "made", "about": .string(about)])
    return try #require(runs.first)
  }

  private func causes(at time: Timestamp? = nil) throws -> [AttentionCause] {
    try attention.items(at: time ?? now).map(\.cause)
  }

  // MARK: Runs

  @Test(arguments: [
    (#"{"outcome":"fail","reason":"no"}"#, [AttentionCause.failed]),
    (#"{"outcome":"stop","attention":true,"reason":"no"}"#, [.notSynced]),
    (#"{"outcome":"stop","reason":"no"}"#, []),
    (#"{"outcome":"done","output":{}}"#, []),
  ])
  func endedRunNeedsAttentionByItsOutcome(json: String, causes: [AttentionCause]) throws {
    try reply(json)
    let run = try dispatch("e1")
    #expect(try self.causes() == causes)
    let counts = try attention.counts(at: now)
    #expect(counts.keys.sorted() == causes)
    guard let item = try attention.items(at: now).first else { return }
    #expect(item.subject == run.id && item.run == run.id)
    #expect(item.reason == "no")
    #expect(item.flowConnection == "ab")
    #expect(item.customer == "alpha:one/1")
    #expect(item.command == "meterbridge run retry \(run.id)")
  }

  /// What the trigger read is better than what the webhook said.
  @Test(arguments: [
    (#""ids":{"alpha":"1"},"customer":{"alpha":"c1"},"total":12.50,"currency":"USD""#, "12.5 USD"),
    (
      #""ids":{"alpha":"1"},"customer":{"ids":{"alpha":"c1"}},"amount":3,"currency":"EUR""#, "3 EUR"
    ),
    (#""ids":{"alpha":"c1"},"currency":"USD""#, nil),
  ])
  func itemHasTheCustomerAndTheAmountOfTheNoun(noun: String, amount: String?) throws {
    try fixture.script("alpha-made", "echo '{\"outcome\":\"done\",\"output\":{\(noun)}}'")
    try reply(#"{"outcome":"stop","attention":true,"reason":"no"}"#)
    _ = try dispatch("e1")
    let item = try #require(try attention.items(at: now).first)
    #expect(item.amount == amount)
    #expect(item.customer == "alpha:one/c1")
  }

  @Test func changeInDoubtIsListedUntilItIsSettled() throws {
    let api = try FakeAPI { _, _ in .dropConnection }
    defer { api.stop() }
    let other = try TestHome()
    try other.connect("gamma", port: api.port)
    try other.script(
      "gamma-take",
      #"""
      read -r line
      case "$line" in
        *'"unknown":true'*) echo '{"outcome":"fail","reason":"nobody knows"}';;
        *) echo '{"outcome":"ask","effects":[{"http":{"name":"created","method":"POST","path":"/things","body":{}}}]}';;
      esac
      """#)
    let run = try #require(try other.dispatch().first)
    let attention = Attention(other.registry, isServing: true)
    let item = try #require(try attention.items(at: now).first)
    #expect(item.cause == .inDoubt)
    let problem = #expect(throws: Problem.self) {
      try attention.acknowledge(item, by: "ada", now: now)
    }
    #expect(problem?.kind == .refused)
    _ = try RunStore(home: other.home).settle(run.id, effect: "created", answer: [:], now: now)
    #expect(try attention.items(at: now).isEmpty)
  }

  @Test func retriedRunLeavesTheList() throws {
    try reply(#"{"outcome":"fail","reason":"no"}"#)
    let run = try dispatch("e1")
    _ = try RunStore(home: home).retry(run.id, now: now)
    #expect(try causes() == [])
  }

  /// The same event came again, and its new run replaces the earlier one.
  @Test func runOfTheSameEventReplacesTheEarlierOne() throws {
    try reply(#"{"outcome":"fail","reason":"no"}"#)
    let first = try dispatch("e1")
    var second = Run(
      id: "run.0", flowConnection: "ab", event: first.event, lane: first.lane, at: now)
    second.earlier = first.id
    second.repeats = first.id
    _ = try home.commit(second.end(.stopped, "nothing has changed", at: now))
    #expect(try attention.items(at: now).map(\.subject) == [first.id], "the repetition of an end")
    second.repeats = nil
    _ = try home.commit(second.end(.success, nil, at: now))
    #expect(try causes() == [])
  }

  @Test func acknowledgedRunLeavesTheListAndItsLogSaysWho() throws {
    try reply(#"{"outcome":"stop","attention":true,"reason":"no"}"#)
    let run = try dispatch("e1")
    let item = try #require(try attention.items(at: now).first)
    try attention.acknowledge(item, by: "ada", now: now)
    #expect(try causes() == [])
    let stored = try RunStore(home: home).run(run.id)
    #expect(stored.status == .notSynced)
    #expect(stored.log.last?.name == "Acknowledged" && stored.log.last?.by == "ada")
  }

  /// What nobody has looked at is not removed with its event.
  @Test func retentionKeepsARunThatNeedsAttention() throws {
    try reply(#"{"outcome":"fail","reason":"no"}"#)
    let run = try dispatch("e1")
    let later = now.adding(seconds: 40 * 86_400)
    #expect(try Retention(home: home).sweep(now: later, ran: 1e9) == .removed(0))
    try attention.acknowledge(try #require(try attention.items(at: now).first), by: nil, now: now)
    #expect(try Retention(home: home).sweep(now: later, ran: 0) == .removed(1))
    #expect(try home.document(at: run.key) == nil)
  }

  @Test func clockThatJumpedIsListedUntilItIsRightAgain() throws {
    func sweep(afterDays days: Int) throws -> Timestamp {
      let time = now.adding(seconds: days * 86_400)
      _ = try Retention(home: home).sweep(now: time, ran: 0)
      return time
    }
    #expect(try attention.items(at: sweep(afterDays: 0)).isEmpty)
    let item = try #require(try attention.items(at: sweep(afterDays: 3650)).first)
    #expect(item.cause == .clock && item.since == now)
    #expect(item.reason.hasPrefix("the clock is 3650 days after"))
    #expect(try attention.items(at: now).isEmpty, "it is right again")
  }

  @Test func runsOfAnEarlierBuildAreMarkedOnce() throws {
    try reply(#"{"outcome":"fail","reason":"no"}"#)
    let run = try dispatch("e1")
    _ = try home.commit([.remove(run.attentionKey)])
    #expect(try causes() == [])
    try attention.completeMarks(now: now)
    #expect(try causes() == [.failed])
    _ = try home.commit([.remove(run.attentionKey)])
    try attention.completeMarks(now: now)
    #expect(try causes() == [])
  }

  // MARK: Other causes

  @Test func pausedConnectionIsListedAndCanBeAcknowledged() throws {
    try Pauses(home: home).pause("b", "Beta refused the key", at: now)
    let item = try #require(try attention.items(at: now).first)
    #expect(item.cause == .paused && item.subject == "b")
    #expect(item.since == now)
    try attention.acknowledge(item, by: "ada", now: now)
    #expect(try causes() == [])
    #expect(try attention.counts(at: now) == [:])
    // It is paused again later
    _ = try Pauses(home: home).resume("b")
    try Pauses(home: home).pause("b", "Beta refused the key", at: now.adding(seconds: 60))
    #expect(try causes() == [.paused])
  }

  @Test func openCircuitIsListedUntilItCloses() throws {
    let circuits = Circuits(home: home)
    try circuits.open("connection a", "no answer in 30 s", at: now)
    let item = try #require(try attention.items(at: now).first)
    #expect(item.cause == .tripped && item.subject == "connection a" && item.since == now)
    #expect(item.reason.hasSuffix("no answer in 30 s"))
    try circuits.close("connection a")
    #expect(try causes() == [])
  }

  @Test func laneIsListedOnceAfterAnHourUnlessItsConnectionIsPaused() throws {
    try reply(#"{"outcome":"retry","reason":"not yet"}"#)
    let run = try dispatch("e1")
    _ = try dispatch("e2")
    _ = try dispatch("e3", about: "y")
    #expect(try causes(at: run.at.adding(seconds: 3500)) == [])
    let items = try attention.items(at: run.at.adding(seconds: 3700))
    #expect(items.map(\.cause) == [.waiting, .waiting])
    #expect(Set(items.map(\.subject)) == ["alpha:one/x", "alpha:one/y"])
    #expect(items.first { $0.subject == "alpha:one/x" }?.reason == "not yet")
    #expect(items.allSatisfy { $0.nextTry != nil })
  }

  @Test func silenceIsOffUnlessItIsSet() throws {
    try reply(#"{"outcome":"stop","reason":"seen"}"#)
    let run = try dispatch("e1")
    let later = run.at.adding(seconds: 7300)
    #expect(try causes(at: later) == [])
    try HomeSetting.silence.set("2h", in: home)
    #expect(try causes(at: run.at.adding(seconds: 7100)) == [])
    let item = try #require(try attention.items(at: later).first)
    #expect(item.cause == .silent && item.subject == "alpha:one")
    #expect(item.command.hasSuffix("--connection a"))
    #expect(item.reason == "the last webhook came at \(run.at.text)")
    #expect(throws: Problem.self) { try HomeSetting.silence.check("0h") }
    #expect(throws: Problem.self) { try HomeSetting.silence.check("soon") }
  }

  @Test func silenceOfAConnectionReplacesThatOfTheHome() throws {
    try reply(#"{"outcome":"stop","reason":"seen"}"#)
    let run = try dispatch("e1")
    func set(_ silence: String) throws {
      _ = try fixture.registry.change(
        connection: "a", settings: ["silence": silence], secrets: [:])
    }
    try set("1h")
    #expect(try causes(at: run.at.adding(seconds: 3500)) == [])
    #expect(try causes(at: run.at.adding(seconds: 3700)) == [.silent])
    try HomeSetting.silence.set("10m", in: home)
    #expect(try causes(at: run.at.adding(seconds: 3500)) == [])
    try set("off")
    #expect(try causes(at: run.at.adding(seconds: 86_400)) == [])
    for wrong in ["0h", "soon", "1w"] {
      #expect(throws: Problem.self) { try set(wrong) }
    }
  }

  @Test func runsThatNobodyExecutesAreListed() throws {
    let items = try Attention(fixture.registry).items(at: now)
    #expect(items.map(\.cause) == [.notServed])
    try fixture.serve { _ in
      let items = try Attention(fixture.registry).items(at: now)
      #expect(items.isEmpty)
    }
  }

  @Test func reasonsAreRedacted() throws {
    try fixture.script(
      "alpha-made",
      #"echo '{"outcome":"done","output":{"ids":{"alpha":"1"},"firstName":"Adaline"}}'"#)
    try reply(#"{"outcome":"fail","reason":"Adaline and ada@acme.example are refused"}"#)
    _ = try dispatch("e1")
    #expect(try attention.items(at: now).map(\.reason) == ["… and … are refused"])
  }

  // MARK: Watch

  @Test func watchReportsWhatIsNewAndWhatHasEnded() throws {
    try reply(#"{"outcome":"fail","reason":"no"}"#)
    let run = try dispatch("e1")
    var watch = AttentionWatch(attention)
    let first = try watch.look(at: now)
    #expect(first.isFirst && first.items.map(\.subject) == [run.id])
    #expect(try watch.look(at: now).items.isEmpty)
    let second = try dispatch("e2", about: "y")
    _ = try RunStore(home: home).retry(run.id, now: now)
    let news = try watch.look(at: now)
    #expect(!news.isFirst && news.items.map(\.subject) == [second.id])
    #expect(news.ended == ["failed/\(run.id)"])
  }
}
