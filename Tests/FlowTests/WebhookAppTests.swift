import Crypto
import Dispatcher
import Foundation
import HTTPServer
import HTTPTypes
import Operations
import Records
import Sandbox
import Service
import Setup
import Stage
import StepKit
import Store
import Synchronization
import Testing
import Values

/// The Webhook app over real HTTP, against a receiver that checks signatures as the scheme says.
@Suite(.serialized) struct WebhookAppTests {
  @Test func postsTheDocumentSigned() throws {
    try onStage(answering: [200]) { stage, receiver, run in
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

  @Test func putsATypedDocumentIntoAnEnvelope() throws {
    try onStage(answering: [204], type: "customer.created") { stage, receiver, run in
      let body = try JSON(parsing: try #require(receiver.posts.first).body)
      #expect(body["type"] == "customer.created")
      #expect(body["timestamp"].string == run.at.text)
      #expect(body["data"] == run.outputs.first)
    }
  }

  /// What is tried again has the same id and another time and signature, whatever the receiver said.
  @Test(arguments: [500, 404, 301, 429])
  func triesAgainWithTheSameID(status: Int) throws {
    try onStage(answering: [status, status, 200], at: 600) { stage, receiver, run in
      let posts = receiver.posts
      #expect(run.status == .success, "\(run.reason ?? "")")
      #expect(posts.count == 3)
      #expect(Set(posts.map(\.id)).count == 1)
      #expect(Set(posts.map { $0.headers["webhook-timestamp"] }).count > 1)
      let signed = posts.allSatisfy(\.isSigned)
      #expect(signed)
    }
  }

  @Test func givesUpWhereTheReceiverIsGone() throws {
    try onStage(answering: [410]) { stage, receiver, run in
      #expect(run.status == .failed)
      #expect(run.reason == "the receiver is gone (410): give the connection another URL")
      #expect(receiver.posts.count == 1)
    }
  }

  /// Each run is a message of its own, even about the same customer.
  @Test func givesEachRunAnIDOfItsOwn() throws {
    try onStage(answering: [200, 200]) { stage, receiver, run in
      _ = try stage.post("evt_two")
      #expect(Set(receiver.posts.map(\.id)).count == 2)
    }
  }

  /// Nobody waits for a receiver that is down: neither the same event's other runs nor later ones.
  @Test func holdsUpNobodyElse() throws {
    try onStage(answering: []) { stage, receiver, run in
      #expect(run.status == .pending)
      _ = try stage.registry.flows.enable("chargebee-togai-customer-sync", true)
      try stage.serve { service, _ in
        for id in ["c1", "c2"] { try stage.addCustomer(id) }
        #expect(stage.waitForAccounts(2))
        let book = RunStore(home: stage.registry.home)
        let end = Date().addingTimeInterval(30)
        while Date() < end, try book.open().contains(where: { $0.flowConnection != "tell" }) {
          Thread.sleep(forTimeInterval: 0.02)
        }
        #expect(Set(try book.open().map(\.flowConnection)) == ["tell"])
      }
    }
  }

  /// A flow that does something before it tells of it lets others go on once only that is left.
  @Test func holdsUpNobodyWithItsLastStep() throws {
    try onStage(answering: []) { stage, receiver, run in
      _ = try stage.registry.flows.enable("tell", false)
      _ = try stage.registry.flows.add(
        flow: "both",
        json: [
          "name": "Both", "type": "inbound", "when": ["step": "chargebee/customer-created"],
          "then": [["step": "togai/create-customer"], ["step": "webhook/initiate-webhook"]],
        ])
      _ = try stage.registry.connect(flow: "both", name: "both", connections: [:])
      for flow in ["both", "chargebee-togai-customer-changes"] {
        if flow != "both" {
          _ = try stage.registry.connect(flow: flow, name: flow, connections: [:])
        }
        _ = try stage.registry.flows.enable(flow, true)
      }
      try stage.serve { service, _ in
        try stage.addCustomer("c1")
        #expect(stage.waitForAccounts(1))
        try stage.rename("c1", to: "Renamed Ltd")
        let end = Date().addingTimeInterval(30)
        while Date() < end,
          stage.sandbox.state["togai"]["accounts"].array?.first?["name"] != "Renamed Ltd"
        {
          Thread.sleep(forTimeInterval: 0.02)
        }
        #expect(stage.sandbox.state["togai"]["accounts"].array?.first?["name"] == "Renamed Ltd")
      }
    }
  }

  @Test func testsAConnectionWithASignedDocument() throws {
    try onStage(answering: [200, 200]) { stage, receiver, run in
      let said = try stage.registry.test("receiver")
      #expect(said.hasPrefix("Webhook"))
      let post = try #require(receiver.posts.last)
      #expect(post.isSigned)
      #expect(try JSON(parsing: post.body) == ["type": "meterbridge.test"])
    }
  }

  /// A test of it is a POST to whoever is there, which nobody asked the doctor for.
  @Test func isLeftAloneByTheDoctor() throws {
    try onStage(answering: [200, 200]) { stage, receiver, run in
      var findings: [Finding] = []
      let registry = stage.registry
      Doctor(
        home: registry.home.path, keyFile: nil, catalog: registry.catalog,
        caller: StepExecutables(folder: Stage.products)
      ).examine { findings.append($0) }
      #expect(findings.contains { $0.subject == "connection receiver" && $0.grade == .ok })
      #expect(receiver.posts.count == 1)
    }
  }

  @Test(arguments: [
    ("http://hooks.example.com/", "is not https"), ("https://10.1.2.3/x", "10.1.2.3 is no public"),
    ("https://169.254.169.254/latest/meta-data", "is no public address"),
    ("https://user:word@hooks.example.com/", "no user name or password"),
    ("http://user:word@127.0.0.1:9/with/a/path", "no user name or password"),
    ("nonsense", "the URL is not valid"), ("file:///etc/passwd", "the URL is not valid"),
  ])
  func refusesAURL(url: String, reason: String) throws {
    let stage = try Stage()
    defer { stage.close() }
    let problem = #expect(throws: Problem.self) {
      try stage.registry.add(
        connection: "receiver", app: "webhook", settings: ["url": url],
        secrets: ["signingSecret": Secret(Receiver.secret)])
    }
    #expect(problem?.description.contains(reason) == true, "\(problem?.description ?? "")")
  }

  @Test(arguments: ["short", "whsec_c2hvcnQ=", "whsec_not base64 at all !!"])
  func refusesASecretThatNobodyCanSignWith(secret: String) throws {
    let stage = try Stage()
    defer { stage.close() }
    let problem = #expect(throws: Problem.self) {
      try stage.registry.add(
        connection: "receiver", app: "webhook", settings: ["url": "https://hooks.example.com/"],
        secrets: ["signingSecret": Secret(secret)])
    }
    #expect(problem?.description.contains("24 to 64 bytes") == true)
    #expect(problem?.description.contains(secret) == false)
  }

  /// A name that turns out to mean a private address is refused for good, not tried for days.
  @Test func failsWhereTheURLMeansAPrivateAddress() throws {
    try onStage(answering: [], url: "https://hooks.localhost:9/") { stage, receiver, run in
      #expect(run.status == .failed)
      #expect(run.reason?.contains("is no public address") == true, "\(run.reason ?? "")")
    }
  }

  // MARK: Private

  private func onStage(
    answering statuses: [Int], type: String? = nil, at seconds: Int = 0, url: String? = nil,
    _ body: (Stage, Receiver, Run) throws -> Void
  ) throws {
    let stage = try Stage()
    defer { stage.close() }
    let receiver = try Receiver(answering: statuses)
    defer { receiver.stop() }
    _ = try stage.registry.add(
      connection: "receiver", app: "webhook",
      settings: ["url": url ?? "http://127.0.0.1:\(receiver.port)/meterbridge?from=acme"],
      secrets: ["signingSecret": Secret(Receiver.secret)])
    let step: JSON = .members([
      "step": "webhook/initiate-webhook", "payload": type.map { ["type": .string($0)] },
    ])
    _ = try stage.registry.flows.add(
      flow: "tell",
      json: [
        "name": "Tell", "type": "inbound", "when": ["step": "chargebee/customer-created"],
        "then": [step],
      ])
    _ = try stage.registry.connect(flow: "tell", name: "tell", connections: [:])
    _ = try stage.registry.flows.enable("chargebee-togai-customer-sync", false)
    _ = try stage.registry.flows.enable("tell", true)
    let run = try stage.post("evt_one")
    if seconds == 0 { return try body(stage, receiver, run) }
    let ended = try stage.carryOn(run)
    try body(stage, receiver, ended)
  }
}

extension Stage {
  /// Takes the event of a new customer, and carries it as far as it goes at once.
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

  /// Serves with this stage's clock until all runs have ended.
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

/// A receiver of webhooks that answers with one status after the other.
private final class Receiver: Sendable {
  struct Post: Sendable {
    let target: String
    let headers: Headers
    let body: [UInt8]

    var id: String { headers["webhook-id"] ?? "" }

    /// Whether the signature is the one that the scheme prescribes, worked out here from its words.
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
