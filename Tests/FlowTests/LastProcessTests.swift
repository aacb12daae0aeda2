import Dispatcher
import EndToEndSupport
import Foundation
import Records
import Sandbox
import Setup
import TestSupport
import Testing
import Values

/// Steps that hang when the dispatcher ends.
struct LastProcessTests {
  @Test(arguments: [SIGKILL, SIGTERM])
  func noStepOutlivesTheDispatcher(signal: Int32) throws {
    let fixture = try EndToEnd(seed: 8)
    defer { fixture.close() }
    try fixture.addCustomer("c1")
    let event = try #require(fixture.sandbox.state["chargebee"]["events"].array?.last)
    let connection = try fixture.registry.connections.get("chargebee")
    _ = Intake(registry: fixture.registry, clock: fixture.clock).take(event, from: connection)
    let steps = fixture.path + "/steps"
    try FileManager.default.createDirectory(atPath: steps, withIntermediateDirectories: false)
    // It does not wait for its input, whose end would tell it.
    try Executable.script("while :; do sleep 1; done", at: steps + "/chargebee-customer-created")

    let process = Process()
    process.executableURL = URL(filePath: EndToEnd.products + "/CrashProbe")
    process.arguments = [
      fixture.path, EndToEnd.repository + "/functions", steps, "0", "-2", "0",
      "\(fixture.start.milliseconds)", "\(EndToEnd.speed)",
    ]
    process.environment = [:]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    var children: [String] = []
    try waitUntil {
      children = Self.children(of: process.processIdentifier)
      return !children.isEmpty
    }
    kill(process.processIdentifier, signal)
    let start = ContinuousClock.now
    process.waitUntilExit()
    #expect(ContinuousClock.now - start < .seconds(10))
    try waitUntil { children.allSatisfy { !Self.runs($0) } }
  }

  private static func children(of process: Int32) -> [String] {
    let tasks = "/proc/\(process)/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
    return threads.flatMap { thread in
      let text = try? String(contentsOfFile: "\(tasks)/\(thread)/children", encoding: .utf8)
      return (text ?? "").split(separator: " ").map(String.init)
    }
  }

  /// Whether a process is there, and not only to be reaped.
  private static func runs(_ process: String) -> Bool {
    let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    let state = stat?.split(separator: ")").last?.split(separator: " ").first
    return state.map { $0 != "Z" && $0 != "X" } ?? false
  }
}
