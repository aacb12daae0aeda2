import Catalog
import Foundation
import HTTPClient
import HTTPServer
import HTTPTypes
import Operations
import Processes
import Records
import Sandbox
import Service
import Setup
import Store
import Synchronization
import Testing
import Values

@testable import Dispatcher

/// A home that an earlier build made, from `Homes`, and the sandbox to which it was connected.
///
/// The sandbox gets the state of that time by the same requests with the same clock and seed, which give
/// the same ids. All URLs in the home are changed to the servers of this test.
final class OldHome {
  let path: String
  let sandbox: SandboxServer
  let registry: Registry
  /// The subscription and `webhook-id` of each request that the webhook receiver got.
  var posts: [(subscription: String, id: String)] { receiver.posts.withLock { $0 } }
  /// The `webhook-id` of each request that the earlier build sent, by subscription.
  let webhookIDs: JSON

  private let folder: String
  private let receiver: Receiver
  private let functions: StepExecutables

  private static let tests = URL(filePath: #filePath).deletingLastPathComponent().path
  private static let products = URL(filePath: CommandLine.arguments[0])
    .deletingLastPathComponent().path
  private static let hookPassword = "legacy-test-password"
  private static let hookSecret = "legacy-test-hook-secret"

  /// A copy of a home, a minute after its newest record.
  init(madeBy build: String) throws {
    folder = "\(Self.tests)/Homes/\(build)"
    path = NSTemporaryDirectory() + "meterbridge-home-\(UUID().uuidString)"
    try FileManager.default.copyItem(atPath: "\(folder)/home", toPath: path)
    for file in ["key", "key.id"] {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: "\(path)/\(file)")
    }
    let facts = try JSON(parsing: Array(Data(contentsOf: URL(filePath: "\(folder)/facts.json"))))
    webhookIDs = facts["webhookIDs"]
    let start = try #require(Timestamp(iso: facts["start"].string ?? ""))
    let end = try #require(Timestamp(iso: facts["end"].string ?? ""))
    var options = SandboxOptions()
    options.start = start
    sandbox = try SandboxServer(listen: "127.0.0.1:0", options: options)
    sandbox.start()
    receiver = try Receiver()
    registry = Registry(
      home: try Home(at: path), catalog: try AppCatalog(functions: "\(Self.tests)/../../functions"))
    functions = StepExecutables(folder: Self.products, pool: PoolOptions())
    try repeatRequests()
    let clock: JSON = ["now": .string(end.adding(seconds: 60).text), "speed": 4]
    _ = try send("POST", "/sandbox/clock", [:], clock.bytes)
    try moveConnections()
  }

  /// Stops the servers and removes the home.
  func close() {
    sandbox.stop()
    receiver.server.stop()
    try? FileManager.default.removeItem(atPath: path)
  }

  /// A backup that the earlier build wrote.
  var backup: String { "\(folder)/backup.jsonl" }

  // MARK: Private

  private func repeatRequests() throws {
    for line in try String(contentsOfFile: "\(folder)/deeds.jsonl", encoding: .utf8).split(
      separator: "\n")
    {
      let request = try JSON(parsing: String(line))
      let app = request["app"].string
      var headers: Headers = [
        "Content-Type": app == "chargebee"
          ? "application/x-www-form-urlencoded" : "application/json"
      ]
      if app == "chargebee" {
        headers["Authorization"] = "Basic \(Data("test_sandbox:".utf8).base64EncodedString())"
        headers["chargebee-idempotency-key"] = request["idempotencyKey"].string
      } else if app == "togai" {
        headers["Authorization"] = "Bearer togai_sandbox"
      }
      let status = try send(
        request["method"].string ?? "", request["target"].string ?? "", headers,
        Array((request["body"].string ?? "").utf8))
      #expect(status == request["status"].int ?? 200, "\(line)")
    }
  }

  private func send(
    _ method: String, _ target: String, _ headers: Headers, _ body: [UInt8]
  ) throws -> Int {
    let url = "http://127.0.0.1:\(sandbox.port)\(target)"
    return try CurlClient().send(ClientRequest(method, url, headers: headers, body: body)).status
  }

  private func moveConnections() throws {
    for name in ["acme", "globex"] {
      _ = try registry.change(
        connection: name, settings: ["baseUrl": sandbox.chargebeeURL], secrets: [:])
    }
    _ = try registry.change(
      connection: "togai", settings: ["baseUrl": sandbox.togaiURL], secrets: [:])
    let url = "http://127.0.0.1:\(receiver.server.port)/crm"
    _ = try registry.change(connection: "crm", settings: ["url": url], secrets: [:])
  }
}

// MARK: - Serving

extension OldHome {
  /// Runs a service during the body.
  func serve(_ body: (_ post: (EventStore.Entry) throws -> JSON) throws -> Void) throws {
    var options = DispatcherService.Options()
    options.listen = "127.0.0.1:0"
    options.clock = WallClock(speed: 4) { [sandbox] in sandbox.now }
    let service = try DispatcherService(registry: registry, caller: functions, options: options)
    let ended = DispatchSemaphore(value: 0)
    Thread {
      service.run()
      ended.signal()
    }.start()
    defer {
      service.stop()
      ended.wait()
    }
    try body { try self.post($0, to: service.port) }
  }

  /// Waits until no run is open; false after a minute.
  func isAtRest() throws -> Bool {
    let end = Date().addingTimeInterval(60)
    while Date() < end {
      if try RunStore(home: registry.home).open().isEmpty { return true }
      Thread.sleep(forTimeInterval: 0.02)
    }
    return false
  }

  /// Delivers an event again, as its app would, and returns the response.
  private func post(_ event: EventStore.Entry, to port: Int) throws -> JSON {
    let pair = Data("meterbridge:\(Self.hookPassword)".utf8).base64EncodedString()
    let isTogai = event.connection == "togai"
    let path = "/hooks/\(event.connection)" + (isTogai ? "/\(Self.hookSecret)" : "")
    let answer = try CurlClient().send(
      ClientRequest(
        "POST", "http://127.0.0.1:\(port)\(path)",
        headers: isTogai ? [:] : ["Authorization": "Basic \(pair)"], body: event.body.bytes))
    #expect(answer.status == 200)
    return try JSON(parsing: answer.body)
  }
}

/// A receiver that accepts every webhook.
private final class Receiver: Sendable {
  let server: Server
  let posts = Mutex<[(subscription: String, id: String)]>([])

  init() throws {
    server = try Server(listen: "127.0.0.1:0")
    Thread { [self] in
      server.run { requests in
        requests.map { request in
          let body = try? JSON(parsing: Array(request.body))
          let subscription = body?["content"]["subscription"]["id"].string ?? ""
          posts.withLock { $0.append((subscription, request.headers["webhook-id"] ?? "")) }
          return Response(200, type: "text/plain", text: "")
        }
      }
    }.start()
  }
}
