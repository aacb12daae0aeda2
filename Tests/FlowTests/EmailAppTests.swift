import Dispatcher
import EndToEndSupport
import Foundation
import Operations
import Records
import Sandbox
import Service
import Setup
import StepKit
import Store
import TestSupport
import Testing
import Values

/// The Email app with a real SMTP server.
@Suite(.serialized) struct EmailAppTests {
  private static let password = "\(Canary.word)-mail"

  @Test(arguments: ["starttls", "tls", "none"]) func mailIsSent(security: String) throws {
    try withFixture(to: "ops@acme.example,{email}", security: security) { fixture, server in
      let run = try fixture.post("evt_1")
      #expect(run.status == .success, "\(run.reason ?? "")")
      let mails = try server.messages()
      #expect(mails.map { $0["to"] } == [["ops@acme.example"], ["ada@acme.example"]])
      #expect(mails.map { $0["from"] } == ["bridge@acme.example", "bridge@acme.example"])
      #expect(mails.allSatisfy { $0["headers"]["Subject"] == "New: Acmé & Sons" })
      #expect(mails.allSatisfy { $0["login"] == "user" })
      #expect(Set(mails.map { $0["headers"]["Message-ID"] }).count == 2)
      #expect(Canary.files(in: fixture.path) == [])
    }
  }

  @Test func refusalForNowIsTriedAgain() throws {
    try withFixture(to: "later@acme.example") { fixture, server in
      let run = try fixture.post("evt_1")
      #expect(run.status == .pending)
      #expect(run.reason?.contains("answered 451 4.7.1 greylisted") == true, "\(run.reason ?? "")")
      #expect(try fixture.carryOn(run).status == .success)
      let mails = try server.messages()
      #expect(mails.count == 1)
    }
  }

  @Test func refusalForGoodFailsTheRunAfterTheOtherAddresses() throws {
    try withFixture(to: "never@acme.example,ops@acme.example") { fixture, server in
      let run = try fixture.post("evt_1")
      #expect(run.status == .failed)
      #expect(run.reason?.contains("550 5.1.1 no such mailbox here") == true, "\(run.reason ?? "")")
      #expect(try server.messages().map { $0["to"] } == [["ops@acme.example"]])
    }
  }

  /// In doubt, the mail is sent again, with the Message-ID by which mail programs recognize it.
  @Test func mailInDoubtIsSentAgainWithTheSameMessageID() throws {
    try withFixture(to: "lost@acme.example") { fixture, server in
      let run = try fixture.post("evt_1")
      #expect(run.status == .pending)
      #expect(run.reason?.contains("will be sent again") == true, "\(run.reason ?? "")")
      #expect(try fixture.carryOn(run).status == .success)
      let ids = try server.messages().map { $0["headers"]["Message-ID"] }
      #expect(ids.count == 2)
      #expect(ids[0] == ids[1])
      _ = try fixture.post("evt_2")
      #expect(try server.messages().last.map { $0["headers"]["Message-ID"] } != ids[0])
    }
  }

  @Test func serverThatIsAwayIsTriedAgain() throws {
    try withFixture(to: "ops@acme.example") { fixture, server in
      server.stop()
      let run = try fixture.post("evt_1")
      #expect(run.status == .pending)
      #expect(run.reason?.contains("no connection can be made") == true, "\(run.reason ?? "")")
    }
  }

  /// A wrong password pauses the connection; its runs go on with the right one.
  @Test func wrongPasswordPausesTheConnection() throws {
    try withFixture(to: "ops@acme.example", password: "another word") { fixture, server in
      let run = try fixture.post("evt_1")
      #expect(run.status == .pending)
      let reason = try Pauses(home: fixture.registry.home).reason(of: "email")
      #expect(reason?.contains("(401)") == true)
      #expect(throws: Problem.self) { try fixture.registry.test("email") }
      _ = try fixture.registry.change(
        connection: "email", settings: [:], secrets: ["password": Secret(Self.password)],
        triesKey: true)
      _ = try fixture.registry.test("email")
      fixture.sandbox.advance(seconds: 60)
      #expect(try fixture.carryOn(run).status == .success)
    }
  }

  /// A wrong password is not kept.
  @Test func passwordIsTriedBeforeItReplacesAnother() throws {
    try withFixture(to: "ops@acme.example") { fixture, server in
      let problem = #expect(throws: Problem.self) {
        try fixture.registry.change(
          connection: "email", settings: [:], secrets: ["password": Secret("another word")],
          triesKey: true)
      }
      #expect(problem?.description.hasPrefix("nothing was changed") == true)
      _ = try fixture.registry.test("email")
      #expect(try server.messages().isEmpty)
    }
  }

  /// `doctor` connects, begins TLS and logs in, and sends nothing.
  @Test(arguments: ["starttls", "tls"])
  func doctorTriesTheMailServer(security: String) throws {
    try withFixture(to: "ops@acme.example", security: security) { fixture, server in
      func finding() -> Finding? {
        var findings: [Finding] = []
        Doctor(
          home: fixture.path, keyFile: nil, catalog: fixture.registry.catalog,
          caller: StepExecutables(folder: EndToEnd.products)
        ).examine { findings.append($0) }
        return findings.first { $0.subject == "connection email" }
      }
      let good = try #require(finding())
      #expect(good.grade == .ok, "\(good.words)")
      #expect(good.words.contains("accepts the key of email"), "\(good.words)")
      #expect(try server.messages().isEmpty)
      try fixture.registry.home.keep(Secret("another word"), "password", of: "email")
      #expect(finding()?.grade == .wrong)
      _ = try Pauses(home: fixture.registry.home).resume("email")
      server.stop()
      #expect(finding()?.grade == .warning)
    }
  }

  @Test func planSendsNoMail() throws {
    try withFixture(to: "ops@acme.example") { fixture, server in
      let plan = try Planner(
        registry: fixture.registry, caller: fixture.functions, mayRead: true, clock: fixture.clock
      ).plan(EndToEnd.event("evt_1"), for: "tell")
      let effect = try #require(plan.parts.last?.effects.first)
      #expect(effect.changeKind == .create)
      #expect(effect.body == "Acmé & Sons")
      #expect(!plan.needsAttention)
      #expect(try server.messages().isEmpty)
    }
  }

  @Test func replayRepeatsTheRun() throws {
    try withFixture(to: "ops@acme.example") { fixture, server in
      let run = try fixture.post("evt_1")
      let calls = try Replay(registry: fixture.registry, caller: fixture.functions).replay(run)
      #expect(calls.count == 3)
      let isSame = calls.allSatisfy(\.isSame)
      #expect(isSame)
      #expect(try server.messages().count == 1)
    }
  }

  @Test(arguments: [
    (["host": "smtp.acme.example/x"], false, "is not a host"),
    (["host": "user@smtp.acme.example"], false, "is not a host"),
    (["from": "billing"], false, "is not an address"),
    (["from": "a@b.example\r\nBcc: c@d.example"], false, "is not an address"),
    (["security": "none"], false, "without TLS, mail is sent to a server on this machine only"),
    (["security": "ssl"], false, "is not one of starttls, tls, none"),
    (["port": "70000"], false, "is a number from 1 to 65535"),
    (["port": "1.5"], false, "is a number from 1 to 65535"),
    (["username": "user"], false, "username and password together: --secret password=@FILE"),
    ([:], true, "username and password together: --set username="),
  ])
  func wrongSettingsAreRefused(
    settings: [String: String], hasPassword: Bool, reason: String
  ) throws {
    let fixture = try EndToEnd()
    defer { fixture.close() }
    let all = ["host": "smtp.acme.example", "from": "billing@acme.example"]
    let problem = #expect(throws: Problem.self) {
      try fixture.registry.add(
        connection: "email", app: "email", settings: all.merging(settings) { $1 },
        secrets: hasPassword ? ["password": Secret("x")] : [:])
    }
    #expect(problem?.description.contains(reason) == true, "\(problem?.description ?? "")")
  }

  // MARK: Private

  private func withFixture(
    to addresses: String, security: String = "starttls", password: String = Self.password,
    _ body: (EndToEnd, TestMailServer) throws -> Void
  ) throws {
    let server = try TestMailServer(security: security, login: "user:\(Self.password)")
    defer { server.stop() }
    let fixture = try EndToEnd()
    defer { fixture.close() }
    let trust = security == "none" ? [:] : ["authorities": server.certificate]
    _ = try fixture.registry.add(
      connection: "email", app: "email",
      settings: [
        "host": "localhost", "port": "\(server.port)", "security": security, "username": "user",
        "from": "bridge@acme.example",
      ].merging(trust) { $1 },
      secrets: ["password": Secret(password)])
    let payload: JSON = [
      "to": .string(addresses), "subject": "New: {company}", "text": "{company}",
    ]
    _ = try fixture.registry.flows.add(
      flow: "tell",
      json: [
        "name": "Tell", "type": "inbound", "when": ["step": "chargebee/customer-created"],
        "then": [["step": "email/send-message", "payload": payload]],
      ])
    _ = try fixture.registry.connect(flow: "tell", name: "tell", connections: [:])
    _ = try fixture.registry.flows.enable("chargebee-togai-customer-sync", false)
    _ = try fixture.registry.flows.enable("tell", true)
    try body(fixture, server)
  }
}

extension EndToEnd {
  /// The event of a new customer.
  fileprivate static func event(_ id: String) -> JSON {
    [
      "id": .string(id), "event_type": "customer_created", "api_version": "v2",
      "occurred_at": 1_767_139_200, "object": "event",
      "content": [
        "customer": [
          "id": "c1", "company": "Acmé & Sons", "email": "ada@acme.example", "object": "customer",
        ]
      ],
    ]
  }

  fileprivate func post(_ id: String) throws -> Run {
    let runs = try Foreground(registry: registry, caller: functions, clock: clock)
      .dispatch(Self.event(id), from: registry.connections.get("chargebee"))
    return try #require(runs.first { $0.flowConnection == "tell" })
  }

  /// Runs a service until every run has ended.
  fileprivate func carryOn(_ run: Run) throws -> Run {
    try serve { service, _ in
      #expect(service.waitUntilIdle(within: 60))
    }
    return try RunStore(home: registry.home).run(run.id)
  }
}
