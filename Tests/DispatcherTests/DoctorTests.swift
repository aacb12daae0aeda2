import Foundation
import HTTPServer
import StepKit
import Store
import Testing
import Values

@testable import Catalog
@testable import Dispatcher
@testable import Operations
@testable import Records
@testable import Service
@testable import Setup

/// What the doctor finds right, and each thing that it must find wrong.
struct DoctorTests {
  private static func findings(
    of house: House, keyFile: String? = nil, isOffline: Bool = false, clock: WallClock = .system
  ) -> [Finding] {
    var findings: [Finding] = []
    let doctor = Doctor(
      home: house.home.path, keyFile: keyFile, catalog: house.registry.catalog,
      caller: house.functions, isOffline: isOffline, clock: clock)
    doctor.examine { findings.append($0) }
    return findings
  }

  private static func grades(_ findings: [Finding]) -> [String: Finding.Grade] {
    Dictionary(findings.map { ($0.subject, $0.grade) }) { one, two in one == .ok ? two : one }
  }

  /// A house in which all is right and one event was taken.
  private static func house(_ api: FakeAPI) throws -> House {
    let house = try House()
    _ = try house.connect(port: api.port)
    try house.script("beta-take", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    _ = try house.dispatch()
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o700], ofItemAtPath: house.home.path)
    return house
  }

  private static func api(_ status: Int = 200) throws -> FakeAPI {
    try FakeAPI { _, _ in Response(status, type: "application/json", text: "{}") }
  }

  @Test func findsNothingWrongWhereAllIsRight() throws {
    let api = try Self.api()
    defer { api.stop() }
    let house = try Self.house(api)
    let findings = Self.findings(of: house)
    let looked = findings.map(\.subject)
    let expected = [
      "permissions", "store", "disk", "inotify", "open files", "key", "clock", "serve",
      "function alpha/made", "function beta/take", "connection a", "connection b", "webhooks a",
    ]
    #expect(looked == expected)
    // Nobody serves it, alpha has no read to try a key with, and the disk may be nearly full.
    #expect(findings.filter { $0.grade == .wrong }.isEmpty, "\(findings)")
    #expect(Self.grades(findings)["serve"] == .warning)
    #expect(api.requests.map(\.method) == ["GET"])
    for finding in findings where finding.grade == .warning { #expect(finding.advice != nil) }
  }

  @Test func tellsOfRunsThatFailed() throws {
    let api = try Self.api()
    defer { api.stop() }
    let house = try Self.house(api)
    #expect(Self.grades(Self.findings(of: house))["runs"] == nil)
    try house.script("beta-take", #"echo '{"outcome":"fail","reason":"no"}'"#)
    _ = try house.dispatch(["id": "e2", "type": "made", "about": "y"])
    let finding = try #require(Self.findings(of: house).first { $0.subject == "runs" })
    #expect(finding.grade == .warning)
    #expect(finding.words == "1 failed in the last seven days")
  }

  @Test func leavesTheAppsAloneWhereItIsToldTo() throws {
    let api = try Self.api()
    defer { api.stop() }
    let house = try Self.house(api)
    #expect(Self.grades(Self.findings(of: house, isOffline: true))["connection b"] == .ok)
    #expect(api.requests.isEmpty)
  }

  @Test func knowsThatSomebodyServes() throws {
    let api = try Self.api()
    defer { api.stop() }
    let house = try Self.house(api)
    try house.serve { _ in
      #expect(Self.grades(Self.findings(of: house, isOffline: true))["serve"] == .ok)
    }
    #expect(!DispatcherLock.isHeld(at: house.home.path))
  }

  @Test(arguments: [
    ("chmod 755 home", "permissions", "chmod 700"),
    ("chmod 644 home/store/lock", "permissions", "chmod 600"),
    ("printf 'x' >> home/store/journal.0; printf 'mb y\\n' >> home/store/journal.0", "", ""),
    ("rm bin/beta-take", "function beta/take", "swift build"),
    ("printf '#!/bin/sh\\necho {}\\n' > bin/beta-take", "function beta/take", "build it anew"),
    ("rm home/key", "key", "restore it"),
    ("sed -i 's/\"about\"/\"abOut\"/' home/store/journal.*", "store", "put a good copy"),
  ])
  func findsWhatIsWrong(deed: String, subject: String, advice: String) throws {
    let api = try Self.api()
    defer { api.stop() }
    let house = try Self.house(api)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", deed]
    process.currentDirectoryURL = URL(filePath: house.path)
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let wrong = Self.findings(of: house, isOffline: true).filter { $0.grade == .wrong }
    guard !subject.isEmpty else { return #expect(wrong.isEmpty, "a torn tail is no damage") }
    let finding = try #require(wrong.first { $0.subject == subject }, "\(wrong)")
    let text = finding.words + (finding.advice ?? "")
    #expect(text.contains(advice), "\(finding)")
  }

  @Test func findsAClockThatWentBack() throws {
    let api = try Self.api()
    defer { api.stop() }
    let house = try Self.house(api)
    let early = WallClock { WallClock.system.now().adding(seconds: -86_400) }
    #expect(Self.grades(Self.findings(of: house, isOffline: true, clock: early))["clock"] == .wrong)
    let lost = WallClock { Timestamp(seconds: 0) }
    #expect(Self.grades(Self.findings(of: house, isOffline: true, clock: lost))["clock"] == .wrong)
  }

  @Test func saysWhatTheAppsSayOfTheirKeys() throws {
    let refusing = try Self.api(401)
    defer { refusing.stop() }
    let house = try Self.house(refusing)
    #expect(Self.grades(Self.findings(of: house))["connection b"] == .wrong)
    try house.home.store.put(#"{"reason":"Beta refused the key"}"#, at: "paused/b")
    let count = refusing.requests.count
    let paused = try #require(Self.findings(of: house).first { $0.subject == "connection b" })
    #expect(paused.grade == .wrong)
    #expect(paused.words == "paused: Beta refused the key")
    #expect(refusing.requests.count == count)
    refusing.stop()
  }

  @Test func missesTheWebhooksThatNeverCame() throws {
    let house = try House()
    _ = try house.connect()
    let findings = Self.findings(of: house, isOffline: true)
    let webhooks = try #require(findings.first { $0.subject == "webhooks a" })
    #expect(webhooks.grade == .warning)
    #expect(webhooks.advice?.contains("webhook url --connection a") == true)
  }
}
