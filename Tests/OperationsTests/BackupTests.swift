import Catalog
import Dispatcher
import Foundation
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

struct BackupTests {
  /// Runs a body with a backup of a home whose records need escapes, and with a folder for a restore.
  private func withBackup(_ body: (TestHome, _ file: String, _ other: String) throws -> Void) throws
  {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try Links(home: fixture.home).link(.customer, ["a:1": "ä\n\"x\"", "b:1": "\u{1F600}"])
    let file = "\(fixture.path)/backup"
    let other = "\(fixture.path)/other"
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    #expect(
      try fixture.home.backUp(to: file, now: WallClock.system.now())
        == Self.records(fixture.home).count
    )
    try body(fixture, file, other)
  }

  /// Restores with the key of the home that was backed up.
  private func restore(
    _ other: String, _ file: String, _ fixture: TestHome
  ) throws -> (records: Int, dropped: [String]) {
    try Home.restore(other, from: file, keyFile: "\(fixture.home.path)/key")
  }

  private static func records(_ home: Home) throws -> [String: String] {
    var scan = try home.store.scan(prefix: "")
    var records: [String: String] = [:]
    while let record = try scan.next() { records[record.key] = record.value }
    return records
  }

  @Test func backupRestoresEveryRecord() throws {
    try withBackup { fixture, file, other in
      let records = try Self.records(fixture.home)
      #expect(records.count >= 5)
      #expect(try restore(other, file, fixture).records == records.count)
      #expect(try Self.records(Home(at: other)) == records)
    }
  }

  @Test func backupHasNoSecretAndIsPrivate() throws {
    try withBackup { fixture, file, _ in
      let text = try String(contentsOfFile: file, encoding: .utf8)
      #expect(!text.contains(TestHome.key) && !text.contains(TestHome.password))
      let modes = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
      #expect(modes == 0o600)
    }
  }

  @Test func backupAndRestoreOverwriteNothing() throws {
    try withBackup { fixture, file, other in
      #expect(throws: Problem.self) {
        try fixture.home.backUp(to: file, now: WallClock.system.now())
      }
      #expect(throws: Problem.self) { try Home.restore(fixture.home.path, from: file) }
      _ = try restore(other, file, fixture)
      #expect(throws: Problem.self) { try restore(other, file, fixture) }
    }
  }

  /// A file that is truncated at a line, or changed in any line, restores nothing.
  @Test func damagedBackupIsRefused() throws {
    try withBackup { fixture, file, other in
      let lines = try String(contentsOfFile: file, encoding: .utf8)
        .split(separator: "\n", omittingEmptySubsequences: true)
      var broken = (0..<lines.count).map { lines.prefix($0).joined(separator: "\n") + "\n" }
      for index in lines.indices {
        var changed = lines
        changed[index] = Substring(changed[index].replacing("a", with: "b"))
        broken.append(changed.joined(separator: "\n") + "\n")
      }
      broken.append(lines.joined(separator: "\n") + "\n{}\n")
      broken.append(([lines[0], lines[2], lines[1]] + lines.dropFirst(3)).joined(separator: "\n"))
      for text in broken {
        try Data(text.utf8).write(to: URL(filePath: file))
        let problem = #expect(throws: Problem.self, "\(text)") {
          try restore(other, file, fixture)
        }
        #expect(problem?.kind == .data)
        #expect(try FileManager.default.contentsOfDirectory(atPath: other).isEmpty)
      }
    }
  }

  /// Whoever made a file with another key may have put servers of their own into it.
  @Test(arguments: ["another key", "no key", "no code", "an earlier build"])
  func foreignBackupIsRestoredWithoutItsTrust(kind: String) throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    let evil: JSON = [
      "name": "evil", "app": "beta",
      "settings": ["baseUrl": "https://evil.example", "trustBaseUrl": true],
    ]
    _ = try fixture.home.commit([
      .put("connection/evil", evil), .put("place/beta/take", ["url": "https://evil.example"]),
      .put("permission/beta/take", ["network": true]),
    ])
    let (file, other) = ("\(fixture.path)/backup", "\(fixture.path)/other")
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    let count = try fixture.home.backUp(to: file, now: WallClock.system.now())
    var key: String? = "\(fixture.home.path)/key"
    var text = try String(contentsOfFile: file, encoding: .utf8)
    switch kind {
    case "another key":
      key = "\(fixture.path)/key"
      try String(repeating: "ab", count: 32).write(
        toFile: key ?? "", atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key ?? "")
    case "no key": key = nil
    case "no code": text.replace(/"code":"[^"]*",/, with: "")
    default:
      text.replace(/"code":"[^"]*",/, with: "")
      text.replace(/,"salt":"[^"]*"/, with: "")
    }
    try Data(text.utf8).write(to: URL(filePath: file))
    let problem = #expect(throws: Problem.self) {
      try Home.restore(other, from: file, keyFile: key)
    }
    #expect(problem?.kind == .refused)
    #expect(problem?.description.contains("--trust") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: other).isEmpty)
    let restored = try Home.restore(other, from: file, keyFile: key, trusts: true)
    #expect(restored.records == count)
    #expect(restored.dropped.count == 3)
    let records = try Self.records(Home(at: other))
    #expect(records.count == count - 2)
    #expect(records["connection/evil"]?.contains("evil.example") == true)
    #expect(!records.values.contains { $0.contains("trustBaseUrl") })
  }

  @Test func headOfABackupIsAuthenticated() throws {
    try withBackup { fixture, file, other in
      var text = try String(contentsOfFile: file, encoding: .utf8)
      text.replace(/"at":"[^"]*"/, with: #""at":"2020-01-01T00:00:00Z""#)
      try Data(text.utf8).write(to: URL(filePath: file))
      #expect(throws: Problem.self) { try restore(other, file, fixture) }
    }
  }

  @Test func encryptedBackupNeedsTheKey() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    let (file, other) = ("\(fixture.path)/backup", "\(fixture.path)/other")
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    let count = try fixture.home.backUp(to: file, now: WallClock.system.now(), encrypts: true)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(!text.contains("connection") && !text.contains("alpha"))
    for trusts in [false, true] {
      let problem = #expect(throws: Problem.self) {
        try Home.restore(other, from: file, trusts: trusts)
      }
      #expect(problem?.kind == .configuration)
    }
    var lines = text.split(separator: "\n")
    lines.swapAt(1, 2)
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: file))
    #expect(throws: Problem.self) { try restore(other, file, fixture) }
    try Data(text.utf8).write(to: URL(filePath: file))
    #expect(try restore(other, file, fixture).records == count)
    #expect(try Self.records(Home(at: other)) == Self.records(fixture.home))
    let empty = try Home(at: "\(fixture.path)/empty")
    #expect(throws: Problem.self) {
      try empty.backUp(to: "\(fixture.path)/none", now: WallClock.system.now(), encrypts: true)
    }
  }

  @Test func backupOfManyRecordsIsRestored() throws {
    let fixture = try TestHome()
    let rows = (0..<1300).map {
      ImportedLink(
        line: $0, row: Links.Row(kind: .payment, ids: ["a:1": "\($0)", "b:1": "x\($0)"]))
    }
    _ = try Links(home: fixture.home).add(rows)
    let file = "\(fixture.path)/backup"
    #expect(try fixture.home.backUp(to: file, now: WallClock.system.now()) == 2600)
    let other = "\(fixture.path)/other"
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    #expect(try Home.restore(other, from: file, trusts: true).records == 2600)
    #expect(try Links(home: Home(at: other)).rows().count == 1300)
  }
}
