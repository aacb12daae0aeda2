import Crypto
import Dispatcher
import EndToEndSupport
import Foundation
import HTTPServer
import HTTPTypes
import Operations
import Records
import Sandbox
import Service
import Setup
import StepKit
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// The Webhook app over HTTP, with a receiver that checks the signatures of Standard Webhooks.
@Suite(.serialized) struct WebhookAppTests {
  @Test func documentIsPostedWithASignature() throws {
    try withFixture(answering: [200]) { fixture, receiver, run in
      #expect(run.status == .success)
      let posts = receiver.posts
      #expect(posts.count == 1)
      let post = try #require(posts.first)
      #expect(post.target == "/meterbridge?from=acme")
      #expect(post.isSigned)
      #expect(try JSON(parsing: post.body) == run.outputs.first)
      #expect(post.headers["Content-Type"] == "application/json")
      #expect(post.headers["Authorization"] == nil)
    }
  }

  @Test func typedDocumentIsPutIntoAnEnvelope() throws {
    try withFixture(answering: [204], type: "customer.created") { fixture, receiver, run in
      let body = try JSON(parsing: try #require(receiver.posts.first).body)
      #expect(body["type"] == "customer.created")
      #expect(body["timestamp"].string == run.at.text)
      #expect(body["data"] == run.outputs.first)
    }
  }

  /// A retry has the same id but another time and signature, whatever the response was.
  @Test(arguments: [500, 404, 301, 429])
  func retryHasTheSameID(status: Int) throws {
    try withFixture(answering: [status, status, 200], at: 600) { fixture, receiver, run in
      let posts = receiver.posts
      #expect(run.status == .success, "\(run.reason ?? "")")
      #expect(posts.count == 3)
      #expect(Set(posts.map(\.id)).count == 1)
      #expect(Set(posts.map { $0.headers["webhook-timestamp"] }).count > 1)
      let signed = posts.allSatisfy(\.isSigned)
      #expect(signed)
    }
  }

  @Test func runFailsIfTheReceiverIsGone() throws {
    try withFixture(answering: [410]) { fixture, receiver, run in
      #expect(run.status == .failed)
      #expect(run.reason == "the receiver is gone (410): give the connection another URL")
      #expect(receiver.posts.count == 1)
    }
  }

  /// Each run is a message of its own, even for the same customer.
  @Test func eachRunHasItsOwnID() throws {
    try withFixture(answering: [200, 200]) { fixture, receiver, run in
      _ = try fixture.post("evt_two")
      #expect(Set(receiver.posts.map(\.id)).count == 2)
    }
  }

  /// Neither other runs of the same event nor later runs wait for the receiver.
  @Test func unreachableReceiverDelaysNoOtherRun() throws {
    try withFixture(answering: []) { fixture, receiver, run in
      #expect(run.status == .pending)
      _ = try fixture.registry.flows.enable("chargebee-togai-customer-sync", true)
      try fixture.serve { service, _ in
        for id in ["c1", "c2"] { try fixture.addCustomer(id) }
        #expect(fixture.waitForAccounts(2))
        let runStore = RunStore(home: fixture.registry.home)
        try waitUntil(within: 30) {
          try !runStore.open().contains { $0.flowConnection != "tell" }
        }
        #expect(Set(try runStore.open().map(\.flowConnection)) == ["tell"])
      }
    }
  }

  /// A flow whose last step is a webhook leaves its lane before that step.
  @Test func unreachableReceiverOfALastStepDelaysNoOtherRun() throws {
    try withFixture(answering: []) { fixture, receiver, run in
      _ = try fixture.registry.flows.enable("tell", false)
      _ = try fixture.registry.flows.add(
        flow: "both",
        json: [
          "name": "Both", "type": "inbound", "when": ["step": "chargebee/customer-created"],
          "then": [["step": "togai/create-customer"], ["step": "webhook/initiate-webhook"]],
        ])
      _ = try fixture.registry.connect(flow: "both", name: "both", connections: [:])
      for flow in ["both", "chargebee-togai-customer-changes"] {
        if flow != "both" {
          _ = try fixture.registry.connect(flow: flow, name: flow, connections: [:])
        }
        _ = try fixture.registry.flows.enable(flow, true)
      }
      try fixture.serve { service, _ in
        try fixture.addCustomer("c1")
        #expect(fixture.waitForAccounts(1))
        try fixture.rename("c1", to: "Renamed Ltd")
        try waitUntil(within: 30) {
          fixture.sandbox.state["togai"]["accounts"].array?.first?["name"] == "Renamed Ltd"
        }
      }
    }
  }

  @Test func connectionTestPostsASignedDocument() throws {
    try withFixture(answering: [200, 200]) { fixture, receiver, run in
      let said = try fixture.registry.test("receiver")
      #expect(said.hasPrefix("Webhook"))
      let post = try #require(receiver.posts.last)
      #expect(post.isSigned)
      #expect(try JSON(parsing: post.body) == ["type": "meterbridge.test"])
    }
  }

  /// A connection test posts a document, which the doctor must not do unasked.
  @Test func doctorPostsNothing() throws {
    try withFixture(answering: [200, 200]) { fixture, receiver, run in
      var findings: [Finding] = []
      let registry = fixture.registry
      Doctor(
        home: registry.home.path, keyFile: nil, catalog: registry.catalog,
        caller: StepExecutables(folder: EndToEnd.products)
      ).examine { findings.append($0) }
      #expect(findings.contains { $0.subject == "connection receiver" && $0.grade == .ok })
      #expect(receiver.posts.count == 1)
    }
  }

  @Test(arguments: [
    ("http://hooks.example.com/", "is not https"), ("https://10.1.2.3/x", "10.1.2.3 is no public"),
    ("https://169.254.169.254/latest/meta-data", "is no public address"),
    ("https://user:word@hooks.example.com/", "not contain a user name or password"),
    ("http://user:word@127.0.0.1:9/with/a/path", "not contain a user name or password"),
    ("nonsense", "the URL is not valid"), ("file:///etc/passwd", "the URL is not valid"),
  ])
  func unsafeURLIsRefused(url: String, reason: String) throws {
    let fixture = try EndToEnd()
    defer { fixture.close() }
    let problem = #expect(throws: Problem.self) {
      try fixture.registry.add(
        connection: "receiver", app: "webhook", settings: ["url": url],
        secrets: ["signingSecret": Secret(Receiver.secret)])
    }
    #expect(problem?.description.contains(reason) == true, "\(problem?.description ?? "")")
  }

  @Test(arguments: ["short", "whsec_c2hvcnQ=", "whsec_not base64 at all !!"])
  func unusableSecretIsRefused(secret: String) throws {
    let fixture = try EndToEnd()
    defer { fixture.close() }
    let problem = #expect(throws: Problem.self) {
      try fixture.registry.add(
        connection: "receiver", app: "webhook", settings: ["url": "https://hooks.example.com/"],
        secrets: ["signingSecret": Secret(secret)])
    }
    #expect(problem?.description.contains("24 to 64 bytes") == true)
    #expect(problem?.description.contains(secret) == false)
  }

  /// A name with a private address is a permanent failure.
  @Test func runFailsIfTheURLNamesAPrivateAddress() throws {
    try withFixture(answering: [], url: "https://hooks.localhost:9/") { fixture, receiver, run in
      #expect(run.status == .failed)
      #expect(run.reason?.contains("is no public address") == true, "\(run.reason ?? "")")
    }
  }

  // MARK: Private

  private func withFixture(
    answering statuses: [Int], type: String? = nil, at seconds: Int = 0, url: String? = nil,
    _ body: (EndToEnd, Receiver, Run) throws -> Void
  ) throws {
    let fixture = try EndToEnd()
    defer { fixture.close() }
    let receiver = try Receiver(answering: statuses)
    defer { receiver.stop() }
    _ = try fixture.registry.add(
      connection: "receiver", app: "webhook",
      settings: ["url": url ?? "http://127.0.0.1:\(receiver.port)/meterbridge?from=acme"],
      secrets: ["signingSecret": Secret(Receiver.secret)])
    let step: JSON = .members([
      "step": "webhook/initiate-webhook", "payload": type.map { ["type": .string($0)] },
    ])
    _ = try fixture.registry.flows.add(
      flow: "tell",
      json: [
        "name": "Tell", "type": "inbound", "when": ["step": "chargebee/customer-created"],
        "then": [step],
      ])
    _ = try fixture.registry.connect(flow: "tell", name: "tell", connections: [:])
    _ = try fixture.registry.flows.enable("chargebee-togai-customer-sync", false)
    _ = try fixture.registry.flows.enable("tell", true)
    let run = try fixture.post("evt_one")
    if seconds == 0 { return try body(fixture, receiver, run) }
    let ended = try fixture.carryOn(run)
    try body(fixture, receiver, ended)
  }
}

extension EndToEnd {
  /// Dispatches the event of a new customer.
  fileprivate func post(_ id: String) throws -> Run {
    let event: JSON = [
      "id": .string(id), "event_type": "customer_created", "api_version": "v2",
      "occurred_at": 1_767_139_200, "object": "event",
      "content": ["customer": ["id": "c1", "company": "Acme", "object": "customer"]],
    ]
    let runs = try Foreground(registry: registry, caller: functions)
      .dispatch(event, from: registry.connections.get("chargebee"))
    return try #require(runs.first { $0.flowConnection == "tell" })
  }

  /// Runs a service with the sandbox's clock until every run has ended.
  fileprivate func carryOn(_ run: Run) throws -> Run {
    var options = DispatcherService.Options()
    options.listen = "127.0.0.1:0"
    options.clock = clock
    let service = try DispatcherService(registry: registry, caller: functions, options: options)
    let thread = Thread { service.run() }
    thread.start()
    defer { service.stop() }
    #expect(service.waitUntilIdle(within: 60))
    return try RunStore(home: registry.home).run(run.id)
  }
}

/// A receiver of webhooks that answers with the given statuses in order.
private final class Receiver: Sendable {
  struct Post: Sendable {
    let target: String
    let headers: Headers
    let body: [UInt8]

    var id: String { headers["webhook-id"] ?? "" }

    /// Whether the signature is that of Standard Webhooks, computed here from the specification.
    var isSigned: Bool {
      let time = headers["webhook-timestamp"] ?? ""
      let code = HMACSHA256.code(of: Array("\(id).\(time).".utf8) + body, key: Receiver.key)
      return !id.isEmpty && Int(time) != nil
        && headers["webhook-signature"] == "v1,\(Data(code ?? []).base64EncodedString())"
    }
  }

  static let key = Array("\(Canary.word)-signing-0123456789".utf8)
  static let secret = "whsec_\(Data(key).base64EncodedString())"

  let port: Int
  private let server: Server
  private let seen = Mutex<[Post]>([])

  init(answering statuses: [Int]) throws {
    let server = try Server(listen: "127.0.0.1:0")
    self.server = server
    port = server.port
    let thread = Thread { [self] in
      server.run { requests in
        requests.map { request in
          let count = seen.withLock { seen in
            seen.append(
              Post(target: request.target, headers: request.headers, body: Array(request.body)))
            return seen.count
          }
          let status = count <= statuses.count ? statuses[count - 1] : 500
          return Response(status, type: "text/plain", text: "no JSON at all")
        }
      }
    }
    thread.start()
  }

  var posts: [Post] { seen.withLock { $0 } }

  func stop() { server.stop() }
}
