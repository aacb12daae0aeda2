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
    let run = try takeEvent(fixture)
    let store = RunStore(home: fixture.registry.home)

    for times in 1...2 {
      let process = try start(fixture, -1)
      process.waitUntilExit()
      #expect(process.terminationReason == .uncaughtSignal)
      #expect(try CrashNotes(home: fixture.registry.home).counts() == [run.id: times])
      #expect(try store.run(run.id).status == .pending)
    }
    let process = try start(fixture, -1)
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

  @Test func runThatIsKilledForWantOfMemoryThriceIsParked() throws {
    let fixture = try EndToEnd(seed: 7)
    defer { fixture.close() }
    let run = try takeEvent(fixture)
    let store = RunStore(home: fixture.registry.home)
    let notes = CrashNotes(home: fixture.registry.home)

    for kills in 0...2 {
      // The kernel's count rises by each death of the processes before.
      try setKills(kills, fixture)
      try expectKilled(fixture)
      #expect(try notes.counts()["\(run.id) memory", default: 0] == kills)
      #expect(try store.run(run.id).status == .pending)
    }
    try setKills(3, fixture)
    let process = try start(fixture, -3)
    try waitUntil { try store.run(run.id).status == .parked }
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let parked = try store.run(run.id)
    #expect(parked.reason?.contains("3 times for want of memory while it carried this run") == true)
    #expect(parked.reason?.contains("`meterbridge run retry \(run.id)`") == true)
    #expect(try notes.counts() == [:])
    #expect(!FileManager.default.fileExists(atPath: fixture.path + "/carried"))
    #expect(try store.retry(run.id, now: fixture.clock.now()).status == .pending)
  }

  /// A person kills the process, or its machine loses power and counts anew.
  @Test(arguments: [0, -1])
  func otherEndsOfTheDispatcherAreNotCounted(step: Int) throws {
    let fixture = try EndToEnd(seed: 8)
    defer { fixture.close() }
    let run = try takeEvent(fixture)
    for times in 0..<5 {
      try setKills(100 + step * times, fixture)
      try expectKilled(fixture)
      let shown = try String(contentsOfFile: fixture.path + "/carried", encoding: .utf8)
      #expect(shown.contains("\n+\(run.id) "))
      #expect(shown.utf8.count == 64 * 1024)
    }
    #expect(try CrashNotes(home: fixture.registry.home).counts() == [:])
    #expect(try RunStore(home: fixture.registry.home).run(run.id).status == .pending)
  }

  /// Also when its pages cannot be written, as on a full disk that copies on write.
  @Test func fileOfTheWorkUnderWayIsNotNeeded() throws {
    let fixture = try EndToEnd(seed: 9)
    defer { fixture.close() }
    let process = try start(fixture, 0)
    defer { process.terminate() }
    let file = fixture.path + "/carried"
    try waitUntil { FileManager.default.fileExists(atPath: file) }
    try waitUntil { DispatcherLock.isHeld(at: fixture.path) }
    #expect(truncate(file, 0) == 0)
    let run = try takeEvent(fixture)
    try waitUntil { try RunStore(home: fixture.registry.home).run(run.id).status != .pending }
    #expect(process.isRunning)
  }

  @Test func killedDispatcherLeavesNoNote() throws {
    let fixture = try EndToEnd(seed: 6)
    defer { fixture.close() }
    let process = try start(fixture, -1)
    let notes = fixture.path + "/crashes"
    try waitUntil { FileManager.default.fileExists(atPath: notes) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(try CrashNotes(home: fixture.registry.home).counts() == [:])
  }

  /// Accepts the creation of a customer, and returns its run.
  private func takeEvent(_ fixture: EndToEnd) throws -> Run {
    try fixture.addCustomer("c1")
    let event = try #require(fixture.sandbox.state["chargebee"]["events"].array?.last)
    let connection = try fixture.registry.connections.get("chargebee")
    let taken = Intake(registry: fixture.registry, clock: fixture.clock)
      .take(event, from: connection)
    return try #require(taken.runs.first)
  }

  private func setKills(_ count: Int, _ fixture: EndToEnd) throws {
    try "\(count)".write(toFile: fixture.path + "/kills", atomically: true, encoding: .utf8)
  }

  /// Starts a dispatcher that is killed at its first call of a step, and waits for that.
  private func expectKilled(_ fixture: EndToEnd) throws {
    let process = try start(fixture, -3)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(process.terminationStatus == SIGKILL)
  }

  /// A dispatcher that ends as the number says: see `CrashProbe`.
  private func start(_ fixture: EndToEnd, _ crash: Int) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: EndToEnd.products + "/CrashProbe")
    process.arguments = [
      fixture.path, EndToEnd.repository + "/functions", EndToEnd.products, "0", "\(crash)", "0",
      "\(fixture.start.milliseconds)", "\(EndToEnd.speed)",
    ]
    process.environment = [:]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }
}
