import Catalog
import Dispatcher
import Foundation
import HTTPClient
import HTTPTypes
import Operations
import Processes
import Records
import Setup
import StepKit
import Store
import Synchronization
import TestHomes
import TestSupport
import Testing
import Values

@testable import Service

/// Webhooks that a service takes or refuses, and how it answers.
struct WebhookIntakeTests {
  @Test func webhookIsAnsweredByItsValidity() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try fixture.script("beta-take", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    try withService(fixture) { (base: String) throws in
      let client = CurlClient()
      func post(_ path: String, _ body: String, _ auth: String?) throws -> Int {
        var headers: Headers = ["Content-Type": "application/json"]
        headers["Authorization"] = auth
        return try client.send(
          ClientRequest("POST", base + path, headers: headers, body: Array(body.utf8))
        ).status
      }
      #expect(try post("/hooks/nobody", event, TestHome.authorization) == 401)
      #expect(try post("/hooks/b", event, TestHome.authorization) == 401)
      #expect(try post("/elsewhere", event, TestHome.authorization) == 404)
      #expect(try post("/hooks/a", event, nil) == 401)
      #expect(
        try post("/hooks/a", event, "Basic \(Data("meterbridge:p".utf8).base64EncodedString())")
          == 401)
      #expect(
        try post(
          "/hooks/a", event,
          "Basic \(Data("other:\(TestHome.password)".utf8).base64EncodedString())")
          == 401)
      #expect(try post("/hooks/a", event, "Bearer \(TestHome.password)") == 401)
      #expect(
        try post("/hooks/a", String(repeating: " ", count: 1 << 20) + event, TestHome.authorization)
          == 413)
      #expect(try RunStore(home: fixture.home).runs().isEmpty)
      #expect(try post("/hooks/a", event, TestHome.authorization) == 200)
      #expect(try post("/hooks/a", event, TestHome.authorization) == 200)
      #expect(
        try post(
          "/hooks/a", #"{"id":"e2","type":"other"}"#,
          TestHome.authorization.replacing("Basic", with: "basic"))
          == 200)
      #expect(try client.send(ClientRequest("GET", base + "/hooks/a")).status == 405)
      #expect(try client.send(ClientRequest("GET", base + "/health")).status == 200)
    }
    #expect(try RunStore(home: fixture.home).runs().map(\.status) == [.stopped])
  }

  /// An app that is answered 400 gives an event up in the end, and nobody knows of it.
  @Test(
    arguments: [
      #"{"id":"e1","type":"made","name":"Ann \ud83d"}"#, #"{"id":1,}"#, "[]", #"{"type":"made"}"#,
    ]) func webhookThatCannotBeReadIsKeptForAPerson(body: String) throws
  {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try fixture.script("beta-take", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    let events = UnreadableEvents(home: fixture.home)
    try withService(fixture) { (base: String) throws in
      let port = try #require(Int(base.split(separator: ":").last ?? ""))
      #expect(
        try CurlClient().send(webhook(body, to: port, "Basic eDp5")).status == 401)
      #expect(try events.count() == 0)
      for _ in 0..<2 {
        let answer = try CurlClient().send(webhook(body, to: port))
        #expect(answer.status == 200)
        #expect(try JSON(parsing: answer.body)["unreadable"].string?.isEmpty == false)
      }
      #expect(try CurlClient().send(webhook(event, to: port)).status == 200)
    }
    let kept = try events.entries()
    #expect(kept.map { String(decoding: $0.body, as: UTF8.self) } == [body])
    #expect(kept.first?.connection == "a")
    let entry = try #require(try events.entry(String(kept[0].id.prefix(8))))
    try events.remove(entry)
    #expect(try events.count() == 0)
    #expect(try RunStore(home: fixture.home).runs().count == 1)
  }

  @Test func secretInThePathIsAccepted() throws {
    let fixture = try TestHome()
    _ = try fixture.connect("gamma")
    try withService(fixture) { (base: String) throws in
      let client = CurlClient()
      func post(_ path: String) throws -> Int {
        try client.send(ClientRequest("POST", base + path, body: Array(event.utf8))).status
      }
      #expect(try post("/hooks/b") == 401)
      #expect(try post("/hooks/b/wrong") == 401)
      #expect(try post("/hooks/b/\(TestHome.key)") == 200)
      #expect(try post("/hooks/b/\(TestHome.key)") == 200)
    }
    let url = try fixture.registry.webhookURL(
      of: fixture.registry.connections.get("b"), base: "https://x.example/")
    #expect(url == "https://x.example/hooks/b/\(TestHome.key)")
  }

  @Test(arguments: [ENOSPC, EROFS, EIO]) func eventIsRefusedIfItCannotBeWritten(
    code: Int32
  ) throws {
    let fixture = try TestHome()
    try fixture.connect()
    let disk = FailingDisk(code)
    let home = try Home(at: fixture.home.path, disk: disk)
    let registry = Registry(home: home, catalog: fixture.registry.catalog)
    try fixture.serve(registry: registry) { service in
      let request = webhook(event, to: service.port)
      disk.failing = .write
      let refused = try CurlClient().send(request)
      #expect(refused.status == 503)
      #expect(refused.headers["Retry-After"] != nil)
      #expect(try RunStore(home: home).runs().isEmpty)
      disk.failing = nil
      #expect(try CurlClient().send(request).status == 200)
      #expect(try RunStore(home: home).runs().count == 1)
    }
  }

  /// The answer and the work are the same, so that nobody learns the names of connections.
  @Test func unknownConnectionIsAnsweredAsAWrongPassword() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try withService(fixture) { (base: String) throws in
      func said(_ path: String, _ method: String = "POST") throws -> String {
        let response = try CurlClient().send(
          ClientRequest(
            method, base + path, headers: ["Authorization": "Basic eDp5"], body: Array("{}".utf8)))
        return "\(response.status) \(response.headers["WWW-Authenticate"] ?? "")"
          + String(decoding: response.body, as: UTF8.self)
      }
      let known = try said("/hooks/a")
      #expect(known.hasPrefix("401"))
      for path in ["/hooks/nobody", "/hooks/b", "/hooks/a/x", "/hooks/nobody/x"] {
        #expect(try said(path) == known, "\(path)")
        #expect(try said(path, "PUT") == said("/hooks/a", "PUT"))
      }
    }
  }

  @Test func formerSecretIsValidForItsTime() throws {
    let fixture = try TestHome()
    let connection = try fixture.connect()
    try fixture.script("beta-take", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    let registry = fixture.registry
    try withService(fixture) { (base: String) throws in
      func status(_ password: String) throws -> Int {
        let pair = Data("meterbridge:\(password)".utf8).base64EncodedString()
        return try CurlClient().send(
          ClientRequest(
            "POST", base + "/hooks/a", headers: ["Authorization": "Basic \(pair)"],
            body: Array(event.utf8))
        ).status
      }
      func change(to password: String, seconds: Int?) throws {
        if let seconds {
          try registry.keepFormer(
            ["password"], of: connection, seconds: seconds, now: WallClock.system.now())
        }
        try fixture.home.keep(Secret(password), "password", of: "a")
      }
      #expect(try status(TestHome.password) == 200)
      try change(to: "canary-7f3a9c52-second", seconds: 3600)
      #expect(try status(TestHome.password) == 200)
      #expect(try status("canary-7f3a9c52-second") == 200)
      #expect(try status("canary-7f3a9c52-other") == 401)
      try change(to: "canary-7f3a9c52-third", seconds: -1)
      #expect(try status(TestHome.password) == 401)
      #expect(try status("canary-7f3a9c52-second") == 401)
      #expect(try status("canary-7f3a9c52-third") == 200)
    }
    #expect(throws: Problem.self) {
      try registry.keepFormer(["key"], of: connection, seconds: 1, now: WallClock.system.now())
    }
  }

  /// Failed runs are reported each, refused webhooks at most once per minute.
  @Test func failedRunsAndRefusedWebhooksAreReported() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try fixture.script("beta-take", #"echo '{"outcome":"fail","reason":"no such thing"}'"#)
    let told = Mutex<[String]>([])
    let report: @Sendable (LogEntry) -> Void = { entry in
      told.withLock { $0.append(entry.message) }
    }
    var options = TestHome.options
    options.report = report
    try fixture.serve(options) { service in
      for authorization in ["Basic eDp5", "Basic eDp6", TestHome.authorization] {
        _ = try CurlClient().send(webhook(event, to: service.port, authorization))
      }
      _ = try CurlClient().send(
        ClientRequest("POST", "http://127.0.0.1:\(service.port)/hooks/x%0Ay", body: []))
      #expect(service.waitUntilIdle(within: 20))
    }
    let (strangers, lines) = told.withLock { lines in
      (lines.filter { $0.contains("%0Ay") }, lines.filter { !$0.contains("%0Ay") })
    }
    #expect(strangers.count == 1)
    #expect(strangers.first?.hasPrefix("a webhook to /hooks/x%0Ay was answered 401: no") == true)
    #expect(lines.count == 2, "\(lines)")
    #expect(
      lines.first?.hasPrefix("a webhook to /hooks/a was answered 401: the user name,") == true)
    #expect(lines.last?.contains(" of ab failed: no such thing; ") == true, "\(lines)")
    #expect(!lines.joined().contains("eDp"))
  }

  /// A failed flush is fatal: the kernel forgets what it could not write, and a second flush would
  /// succeed without it.
  @Test func serviceEndsIfAFlushFails() throws {
    let fixture = try TestHome()
    try fixture.connect()
    let disk = FailingDisk(EIO)
    let home = try Home(at: fixture.home.path, disk: disk)
    let registry = Registry(home: home, catalog: fixture.registry.catalog)
    var options = DispatcherService.Options()
    options.listen = "127.0.0.1:0"
    let service = try DispatcherService(
      registry: registry, caller: fixture.functions, options: options)
    let ended = DispatchSemaphore(value: 0)
    Thread {
      service.run()
      ended.signal()
    }.start()
    disk.failing = .sync
    // It may have ended before, by a write of its own
    let answer = try? CurlClient().send(webhook(event, to: service.port))
    #expect(answer.map { $0.status == 503 } ?? true)
    disk.failing = nil
    #expect(ended.wait(timeout: .now() + 20) == .success)
    #expect(disk.failedSyncs == 1)
    #expect(service.failure?.kind == .io)
    #expect(service.failure?.description.contains("Input/output error") == true)
    try fixture.script("alpha-made", "echo '{\"outcome\":\"stop\",\"reason\":\"seen\"}'")
    let next = Registry(home: try Home(at: fixture.home.path), catalog: fixture.registry.catalog)
    _ = try Foreground(registry: next, caller: fixture.functions)
      .dispatch(try JSON(parsing: event), from: next.connections.get("a"))
    #expect(try RunStore(home: next.home).runs().count == 1)
  }

  @Test func eventIsRefusedIfTooManyRunsAreOpen() throws {
    let fixture = try TestHome()
    try fixture.connect()
    // Runs wait for a file, so that they are open until the last webhook was answered.
    let release = "\(fixture.path)/release"
    try fixture.script(
      "alpha-made",
      """
      while [ ! -e \(release) ]; do sleep 0.01; done; echo '{"outcome":"stop","reason":"seen"}'
      """)
    var options = TestHome.options
    options.mostWaiting = 2
    try fixture.serve(options) { service in
      let statuses = try (1...4).map { number in
        let body = #"{"id":"e\#(number)","type":"made","about":"x"}"#
        let response = try CurlClient().send(webhook(body, to: service.port))
        #expect((response.status == 503) == (response.headers["Retry-After"] == "60"))
        return response.status
      }
      try Data().write(to: URL(filePath: release))
      #expect(statuses == [200, 200, 503, 503])
    }
    #expect(try RunStore(home: fixture.home).runs().count == 2)
  }

  /// Runs a service while the body sends requests, and until every run has ended.
  private func withService(_ fixture: TestHome, _ body: (_ base: String) throws -> Void) throws {
    try fixture.serve { service in
      try body("http://127.0.0.1:\(service.port)")
      #expect(service.waitUntilIdle(within: 20))
    }
  }
}
