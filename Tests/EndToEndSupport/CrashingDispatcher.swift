import Dispatcher
import Foundation
import HTTPClient
import HTTPTypes
import Records
import Sandbox
import Setup
import StepKit
import Synchronization
import TestSupport
import Values

/// A dispatcher in a process of its own that crashes once and is restarted, and webhooks that are sent
/// until they are answered 200.
public final class CrashingDispatcher {
  let fixture: EndToEnd
  private let crash: CrashCase
  private let port: Int
  /// Keeps the port while the dispatcher does not run.
  private let reservation: TCPSocket
  private var process: Process
  private var ahead = 0
  private var delivered: Set<String> = []
  /// Whether it has crashed.
  private(set) var hasCrashed = false

  /// Starts the dispatcher.
  public init(fixture: EndToEnd, crash: CrashCase) throws {
    self.fixture = fixture
    self.crash = crash
    reservation = try TCPSocket.reserved()
    port = reservation.port
    process = Process()
    try start(operation: crash.operation)
  }

  private func start(operation: Int) throws {
    process = Process()
    process.executableURL = URL(filePath: EndToEnd.products + "/CrashProbe")
    process.arguments = [
      fixture.path, EndToEnd.repository + "/functions", EndToEnd.products, "\(port)",
      "\(operation)", "\(ahead)",
      "\(fixture.start.milliseconds)", "\(EndToEnd.speed)",
    ]
    process.environment = [:]
    let (outputFile, errorFile) = (try Self.file(output), try Self.file(errors))
    defer {
      try? outputFile.close()
      try? errorFile.close()
    }
    process.standardOutput = outputFile
    process.standardError = errorFile
    try process.run()
  }

  /// A new file to write to.
  private static func file(_ path: String) throws -> FileHandle {
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    return try FileHandle(forWritingTo: URL(filePath: path))
  }

  /// Restarts the dispatcher if it has crashed.
  private func restartIfCrashed() throws {
    guard !process.isRunning else { return }
    guard process.terminationReason == .uncaughtSignal else {
      let text = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
      throw Problem(
        .software, "the dispatcher ended with status \(process.terminationStatus): \(text)")
    }
    hasCrashed = true
    if crash.downtime > 0 {
      ahead += crash.downtime
      fixture.sandbox.advance(seconds: crash.downtime)
    }
    try start(operation: 0)
  }

  deinit { reservation.close() }

  /// Ends the dispatcher with SIGTERM.
  public func end() {
    guard process.isRunning else { return }
    process.terminate()
    process.waitUntilExit()
  }

  /// The number of operations that it counted, which it prints at its end.
  var operations: Int {
    let text = try? String(contentsOfFile: output, encoding: .utf8)
    return text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? 0
  }

  private var output: String { fixture.path + "/operations" }
  private var errors: String { fixture.path + "/errors" }

  /// Delivers each new event twice; false if there was none.
  @discardableResult
  func deliver() throws -> Bool {
    let before = delivered.count
    for account in fixture.sandbox.state["togai"]["accounts"].array ?? []
    where delivered.insert("account \(account["id"].text)").inserted {
      for _ in 0..<2 {
        try post(
          ["type": "ACCOUNT_CREATED", "payload": account],
          to: "/hooks/togai/\(Canary.webhookSecret)", authorized: false)
      }
    }
    let events = fixture.sandbox.state["chargebee"]["events"].array ?? []
    for event in events where delivered.insert(event["id"].string ?? "").inserted {
      for _ in 0..<2 { try post(event, to: "/hooks/chargebee", authorized: true) }
    }
    for invoice in fixture.sandbox.state["togai"]["invoices"].array ?? [] {
      let id = invoice["id"].string ?? ""
      let event: JSON = ["payload": ["id": .string(id), "status": invoice["status"]]]
      guard delivered.insert(event.text).inserted else { continue }
      for _ in 0..<2 {
        try post(event, to: "/hooks/togai/\(Canary.webhookSecret)", authorized: false)
      }
    }
    return delivered.count > before
  }

  private func post(_ event: JSON, to path: String, authorized: Bool) throws {
    let request = request(event, path, authorized: authorized)
    try wait("\(path) to be answered 200") { (try? CurlClient().send(request))?.status == 200 }
  }

  private func request(_ event: JSON, _ path: String, authorized: Bool) -> ClientRequest {
    var headers: Headers = ["Content-Type": "application/json"]
    if authorized { headers["Authorization"] = Canary.authorization }
    return ClientRequest(
      "POST", "http://127.0.0.1:\(port)\(path)", headers: headers, body: event.bytes)
  }

  /// Tries once to deliver each new event; ``finish()`` delivers those that are refused.
  public func deliverOnce() throws {
    try restartIfCrashed()
    let events = fixture.sandbox.state["chargebee"]["events"].array ?? []
    for event in events where !delivered.contains(event["id"].string ?? "") {
      _ = try? CurlClient().send(request(event, "/hooks/chargebee", authorized: true))
    }
  }

  /// Kills the dispatcher or a step that it runs.
  public func killSomething() throws {
    try restartIfCrashed()
    let path = "/proc/\(process.processIdentifier)/task/\(process.processIdentifier)/children"
    let children = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let child = Bool.random() ? children.split(separator: " ").first.flatMap { Int32($0) } : nil
    kill(child ?? process.processIdentifier, SIGKILL)
  }

  /// Delivers the remaining events and waits until no run is open.
  public func finish() throws {
    try deliver()
    try settle()
    end()
  }

  /// Waits until no run is open and no event is new.
  func settle() throws {
    let runStore = RunStore(home: fixture.registry.home)
    // Runs may cause further events, such as those of an order.
    repeat { try wait("all runs to end") { try runStore.open().isEmpty } } while try deliver()
  }

  /// Waits until a condition holds, at most two minutes, and restarts the dispatcher meanwhile.
  func wait(_ what: String, until condition: () throws -> Bool) throws {
    let end = Date().addingTimeInterval(120)
    while Date() < end {
      try restartIfCrashed()
      if try condition() { return }
      Thread.sleep(forTimeInterval: 0.01)
    }
    let open = try RunStore(home: fixture.registry.home).open().map { $0.json.text }
    throw Problem(.unavailable, "waited in vain for \(what); open: \(open)")
  }
}
