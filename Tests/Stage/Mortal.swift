import Dispatcher
import Foundation
import HTTPClient
import HTTPTypes
import Records
import Sandbox
import Setup
import StepKit
import Synchronization
import Values

/// A dispatcher in a process of its own that dies once and is started again, as an operator or a
/// supervisor would; and webhooks that are sent until they are answered 200, as the real ones are.
public final class Mortal {
  let stage: Stage
  private let crash: Crash
  private let port: Int
  /// Without it the port could be given to another dispatcher, or to an outgoing connection, while
  /// this one is dead.
  private let keeper: Line
  private var process: Process
  private var ahead = 0
  private var delivered: Set<String> = []
  /// Whether it died.
  private(set) var hasDied = false

  /// Starts it.
  public init(stage: Stage, crash: Crash) throws {
    self.stage = stage
    self.crash = crash
    keeper = try Line.keeper(port: 0)
    port = keeper.port
    process = Process()
    try start(deed: crash.deed)
  }

  private func start(deed: Int) throws {
    process = Process()
    process.executableURL = URL(filePath: Stage.products + "/CrashProbe")
    process.arguments = [
      stage.path, Stage.repository + "/functions", Stage.products, "\(port)", "\(deed)", "\(ahead)",
      "\(stage.start.milliseconds)", "\(Stage.speed)",
    ]
    process.environment = [:]
    let (said, complained) = (try Self.file(output), try Self.file(errors))
    defer {
      try? said.close()
      try? complained.close()
    }
    process.standardOutput = said
    process.standardError = complained
    try process.run()
  }

  /// A new file to write to.
  private static func file(_ path: String) throws -> FileHandle {
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    return try FileHandle(forWritingTo: URL(filePath: path))
  }

  /// Brings it back if it has died.
  private func revive() throws {
    guard !process.isRunning else { return }
    guard process.terminationReason == .uncaughtSignal else {
      let said = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
      throw Problem(
        .software, "the dispatcher ended with status \(process.terminationStatus): \(said)")
    }
    hasDied = true
    if crash.gap > 0 {
      ahead += crash.gap
      stage.sandbox.advance(seconds: crash.gap)
    }
    try start(deed: 0)
  }

  deinit { keeper.close() }

  /// Ends it in good order.
  public func end() {
    guard process.isRunning else { return }
    process.terminate()
    process.waitUntilExit()
  }

  /// How many deeds it did, which it says when it ends.
  var deeds: Int {
    let text = try? String(contentsOfFile: output, encoding: .utf8)
    return text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? 0
  }

  private var output: String { stage.path + "/deeds" }
  private var errors: String { stage.path + "/errors" }

  /// Delivers every event that has not been delivered, each twice; whether there was one.
  @discardableResult
  func deliver() throws -> Bool {
    let before = delivered.count
    for account in stage.sandbox.state["togai"]["accounts"].array ?? []
    where delivered.insert("account \(account["id"].text)").inserted {
      for _ in 0..<2 {
        try post(
          ["type": "ACCOUNT_CREATED", "payload": account],
          to: "/hooks/togai/\(Canary.webhookSecret)", authorized: false)
      }
    }
    let events = stage.sandbox.state["chargebee"]["events"].array ?? []
    for event in events where delivered.insert(event["id"].string ?? "").inserted {
      for _ in 0..<2 { try post(event, to: "/hooks/chargebee", authorized: true) }
    }
    for invoice in stage.sandbox.state["togai"]["invoices"].array ?? [] {
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

  /// Tries to deliver what is new, once; what is refused is delivered at the end.
  public func deliverOnce() throws {
    try revive()
    let events = stage.sandbox.state["chargebee"]["events"].array ?? []
    for event in events where !delivered.contains(event["id"].string ?? "") {
      _ = try? CurlClient().send(request(event, "/hooks/chargebee", authorized: true))
    }
  }

  /// Kills the dispatcher, or one of the functions that it runs.
  public func killSomething() throws {
    try revive()
    let path = "/proc/\(process.processIdentifier)/task/\(process.processIdentifier)/children"
    let children = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let child = Bool.random() ? children.split(separator: " ").first.flatMap { Int32($0) } : nil
    kill(child ?? process.processIdentifier, SIGKILL)
  }

  /// Delivers all that is left, and waits until all is at rest.
  public func finish() throws {
    try deliver()
    try rest()
    end()
  }

  /// Waits until no run is open.
  func rest() throws {
    let book = RunStore(home: stage.registry.home)
    // What runs did may have caused events of its own, such as those of an order.
    repeat { try wait("all runs to end") { try book.open().isEmpty } } while try deliver()
  }

  /// Waits until something is so, and brings the dispatcher back meanwhile; two minutes at most.
  func wait(_ what: String, until isSo: () throws -> Bool) throws {
    let end = Date().addingTimeInterval(120)
    while Date() < end {
      try revive()
      if try isSo() { return }
      Thread.sleep(forTimeInterval: 0.01)
    }
    let open = try RunStore(home: stage.registry.home).open().map { $0.json.text }
    throw Problem(.unavailable, "waited in vain for \(what); open: \(open)")
  }
}
