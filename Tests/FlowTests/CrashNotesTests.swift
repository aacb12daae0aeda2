import Dispatcher
import EndToEndSupport
import Foundation
import Records
import Sandbox
import Setup
import TestSupport
import Testing
import Values

/// A run at which the dispatcher itself ends by a fault, such as an overflow.
struct CrashNotesTests {
  @Test func runThatEndsTheDispatcherTwiceIsParked() throws {
    let fixture = try EndToEnd(seed: 5)
    defer { fixture.close() }
    try fixture.addCustomer("c1")
    let event = try #require(fixture.sandbox.state["chargebee"]["events"].array?.last)
    let connection = try fixture.registry.connections.get("chargebee")
    let taken = Intake(registry: fixture.registry, clock: fixture.clock)
      .take(event, from: connection)
    let run = try #require(taken.runs.first)
    let store = RunStore(home: fixture.registry.home)

    for times in 1...2 {
      let process = try start(fixture)
      process.waitUntilExit()
      #expect(process.terminationReason == .uncaughtSignal)
      #expect(try CrashNotes(home: fixture.registry.home).counts() == [run.id: times])
      #expect(try store.run(run.id).status == .pending)
    }
    let process = try start(fixture)
    try waitUntil { try store.run(run.id).status == .parked }
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 0)

    let parked = try store.run(run.id)
    #expect(parked.reason == "the dispatcher ended twice by a fault while it carried this run")
    #expect(try store.isOpen(parked) == false)
    #expect(try CrashNotes(home: fixture.registry.home).counts() == [:])
    // Nothing of it is in doubt, so that a person can let it go on
    #expect(try store.retry(run.id, now: fixture.clock.now()).status == .pending)
  }

  @Test func killedDispatcherLeavesNoNote() throws {
    let fixture = try EndToEnd(seed: 6)
    defer { fixture.close() }
    let process = try start(fixture)
    let notes = fixture.path + "/crashes"
    try waitUntil { FileManager.default.fileExists(atPath: notes) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(try CrashNotes(home: fixture.registry.home).counts() == [:])
  }

  /// A dispatcher that has a fault of its own at each call of a step.
  private func start(_ fixture: EndToEnd) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: EndToEnd.products + "/CrashProbe")
    process.arguments = [
      fixture.path, EndToEnd.repository + "/functions", EndToEnd.products, "0", "-1", "0",
      "\(fixture.start.milliseconds)", "\(EndToEnd.speed)",
    ]
    process.environment = [:]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }
}
