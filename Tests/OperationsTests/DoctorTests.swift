import Catalog
import Dispatcher
import Foundation
import HTTPServer
import Records
import Service
import Setup
import StepKit
import Store
import TestHomes
import TestSupport
import Testing
import Values

@testable import Operations

/// The findings of the doctor for a healthy home and for each kind of damage.
struct DoctorTests {
  private static func findings(
    of fixture: TestHome, keyFile: String? = nil, isOffline: Bool = false,
    clock: WallClock = .system
  ) -> [Finding] {
    var findings: [Finding] = []
    let doctor = Doctor(
      home: fixture.home.path, keyFile: keyFile, catalog: fixture.registry.catalog,
      caller: fixture.functions, isOffline: isOffline, clock: clock)
    doctor.examine { findings.append($0) }
    return findings
  }

  private static func grades(_ findings: [Finding]) -> [String: Finding.Grade] {
    Dictionary(findings.map { ($0.subject, $0.grade) }) { one, two in one == .ok ? two : one }
  }

  /// A healthy home that has taken one event.
  private static func fixture(_ api: FakeAPI) throws -> TestHome {
    let fixture = try TestHome()
    _ = try fixture.connect(port: api.port)
    try fixture.script("beta-take", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    _ = try fixture.dispatch()
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o700], ofItemAtPath: fixture.home.path)
    return fixture
  }

  private static func api(_ status: Int = 200) throws -> FakeAPI {
    try FakeAPI { _, _ in Response(status, type: "application/json", text: "{}") }
  }

  @Test func healthyHomeHasNoErrors() throws {
    let api = try Self.api()
    defer { api.stop() }
    let fixture = try Self.fixture(api)
    let findings = Self.findings(of: fixture)
    let looked = findings.map(\.subject)
    let expected = [
      "permissions", "store", "disk", "inotify", "open files", "protection", "key", "clock",
      "serve",
      "function alpha/made", "function beta/take", "connection a", "connection b", "webhooks a",
    ]
    #expect(looked == expected)
    // No service runs. Warnings: alpha has no request to test a key, and the disk may be nearly full.
    #expect(findings.filter { $0.grade == .wrong }.map(\.subject) == ["serve"], "\(findings)")
    #expect(api.requests.map(\.method) == ["GET"])
    for finding in findings where finding.grade == .warning { #expect(finding.advice != nil) }
  }

  @Test func failedRunsAreReported() throws {
    let api = try Self.api()
    defer { api.stop() }
    let fixture = try Self.fixture(api)
    #expect(Self.grades(Self.findings(of: fixture))["attention"] == nil)
    try fixture.script("beta-take", #"echo '{"outcome":"fail","reason":"no"}'"#)
    _ = try fixture.dispatch(["id": "e2", "type": "made", "about": "y"])
    let finding = try #require(Self.findings(of: fixture).first { $0.subject == "attention" })
    #expect(finding.grade == .warning)
    #expect(finding.words == "failed: 1")
    #expect(finding.advice == "`meterbridge attention`")
  }

  @Test func offlineDoctorSendsNoRequest() throws {
    let api = try Self.api()
    defer { api.stop() }
    let fixture = try Self.fixture(api)
    #expect(Self.grades(Self.findings(of: fixture, isOffline: true))["connection b"] == .ok)
    #expect(api.requests.isEmpty)
  }

  @Test func runningServiceIsFound() throws {
    let api = try Self.api()
    defer { api.stop() }
    let fixture = try Self.fixture(api)
    try fixture.serve { _ in
      #expect(Self.grades(Self.findings(of: fixture, isOffline: true))["serve"] == .ok)
    }
    #expect(!DispatcherLock.isHeld(at: fixture.home.path))
  }

  @Test(arguments: [
    ("chmod 755 home", "permissions", "chmod 700"),
    ("chmod 644 home/store/lock", "permissions", "chmod 600"),
    ("printf 'x' >> home/store/journal.0; printf 'mb y\\n' >> home/store/journal.0", "", ""),
    ("rm bin/beta-take", "function beta/take", "swift build"),
    ("printf '#!/bin/sh\\necho {}\\n' > bin/beta-take", "function beta/take", "build it again"),
    ("rm home/key", "key", "restore it"),
    ("sed -i 's/\"about\"/\"abOut\"/' home/store/journal.*", "store", "restore a backup"),
  ])
  func damageIsReportedWithAdvice(deed: String, subject: String, advice: String) throws {
    let api = try Self.api()
    defer { api.stop() }
    let fixture = try Self.fixture(api)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", deed]
    process.currentDirectoryURL = URL(filePath: fixture.path)
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let wrong = Self.findings(of: fixture, isOffline: true).filter {
      $0.grade == .wrong && $0.subject != "serve"
    }
    guard !subject.isEmpty else { return #expect(wrong.isEmpty, "a torn tail is no damage") }
    let finding = try #require(wrong.first { $0.subject == subject }, "\(wrong)")
    let text = finding.words + (finding.advice ?? "")
    #expect(text.contains(advice), "\(finding)")
  }

  @Test func clockThatWentBackIsReported() throws {
    let api = try Self.api()
    defer { api.stop() }
    let fixture = try Self.fixture(api)
    let early = WallClock { WallClock.system.now().adding(seconds: -86_400) }
    #expect(
      Self.grades(Self.findings(of: fixture, isOffline: true, clock: early))["clock"] == .wrong)
    let lost = WallClock { Timestamp(seconds: 0) }
    #expect(
      Self.grades(Self.findings(of: fixture, isOffline: true, clock: lost))["clock"] == .wrong)
  }

  @Test func refusedKeyIsReported() throws {
    let refusing = try Self.api(401)
    defer { refusing.stop() }
    let fixture = try Self.fixture(refusing)
    #expect(Self.grades(Self.findings(of: fixture))["connection b"] == .wrong)
    try fixture.home.store.put(#"{"reason":"Beta refused the key"}"#, at: "paused/b")
    let count = refusing.requests.count
    let paused = try #require(Self.findings(of: fixture).first { $0.subject == "connection b" })
    #expect(paused.grade == .wrong)
    #expect(paused.words == "paused: Beta refused the key")
    #expect(refusing.requests.count == count)
    refusing.stop()
  }

  @Test func connectionWithoutWebhooksIsReported() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    let findings = Self.findings(of: fixture, isOffline: true)
    let webhooks = try #require(findings.first { $0.subject == "webhooks a" })
    #expect(webhooks.grade == .warning)
    #expect(webhooks.advice?.contains("webhook url --connection a") == true)
  }
}
