import Foundation
import HTTPServer
import Operations
import Records
import Service
import Setup
import StepKit
import Store
import TestHomes
import TestSupport
import Testing
import Values

/// Retrying and canceling runs, with and without a process that executes them.
struct RunControlTests {
  private let fixture: TestHome
  private var home: Home { fixture.home }

  init() throws {
    fixture = try TestHome()
    try fixture.connect()
    try fixture.script("beta-take", #"echo '{"outcome":"retry","reason":"not yet","after":3600}'"#)
  }

  private func waitingRun() throws -> Run {
    let run = try #require(try fixture.dispatch().first)
    try #require(run.status == .pending && run.attempts == 1)
    return run
  }

  @Test func cancelEndsAWaitingRunAtOnceIfNobodyServes() throws {
    let run = try waitingRun()
    let canceled = try RunControl(home: home, person: "ada").cancel(run.id)
    #expect(canceled.status == .canceled && canceled.reason == "canceled")
    #expect(canceled.log.last?.by == "ada")
    #expect(try RunStore(home: home).isOpen(run) == false)
    #expect(try RunRequest.all(in: home).isEmpty)
    let problem = #expect(throws: Problem.self) {
      try RunControl(home: home, person: nil).cancel(run.id)
    }
    #expect(problem?.kind == .refused)
  }

  @Test func canceledRunCanBeRetried() throws {
    let run = try waitingRun()
    _ = try RunControl(home: home, person: nil).cancel(run.id)
    #expect(try RunControl(home: home, person: nil).retry(run.id).status == .pending)
    #expect(try RunStore(home: home).isOpen(run))
  }

  @Test func serviceEndsARunThatIsCanceledMeanwhile() throws {
    let run = try waitingRun()
    try fixture.serve { service in
      let control = RunControl(home: home, person: "ada")
      #expect(control.asksAnother)
      #expect(try control.cancel(run.id).status == .pending)
      try waitUntil { service.waitUntilIdle(within: 1) }
    }
    let ended = try RunStore(home: home).run(run.id)
    #expect(ended.status == .canceled && ended.log.last?.by == "ada")
    #expect(try RunRequest.all(in: home).isEmpty)
  }

  @Test func serviceRetriesAWaitingRunNow() throws {
    let run = try waitingRun()
    try fixture.serve { service in
      try fixture.script("beta-take", #"echo '{"outcome":"done","output":{}}'"#)
      let retried = try RunControl(home: home, person: nil).retry(run.id)
      #expect(retried.status == .pending)
      try waitUntil { service.waitUntilIdle(within: 1) }
    }
    #expect(try RunStore(home: home).run(run.id).status == .success)
    #expect(try RunRequest.all(in: home).isEmpty)
  }

  @Test func retryMakesAWaitingRunDueIfNobodyServes() throws {
    let run = try waitingRun()
    let retried = try RunControl(home: home, person: nil).retry(run.id)
    #expect(retried.due < run.due)
    #expect(try RunStore(home: home).run(run.id).due == retried.due)
  }

  /// A run whose change may have happened is not canceled as if nothing had been sent.
  @Test func cancelParksARunWithAChangeInDoubt() throws {
    let api = try FakeAPI { _, _ in .dropConnection }
    defer { api.stop() }
    let other = try TestHome()
    try other.connect(port: api.port)
    try other.script(
      "beta-take",
      #"""
      echo '{"outcome":"ask","effects":[{"http":{"name":"created","method":"POST","path":"/things","body":{}}}]}'
      """#)
    let run = try #require(try other.dispatch().first)
    try #require(run.status == .pending)
    let canceled = try RunControl(home: other.home, person: "ada").cancel(run.id)
    #expect(canceled.status == .parked)
    #expect(
      try RunStore(home: other.home).effects(of: canceled).contains {
        $0.record["state"] == "parked"
      })
  }
}
