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
      #expect(try Home.restore(other, from: file) == records.count)
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
      _ = try Home.restore(other, from: file)
      #expect(throws: Problem.self) { try Home.restore(other, from: file) }
    }
  }

  /// A file that is truncated at a line, or changed in any line, restores nothing.
  @Test func damagedBackupIsRefused() throws {
    try withBackup { _, file, other in
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
          try Home.restore(other, from: file)
        }
        #expect(problem?.kind == .data)
        #expect(try FileManager.default.contentsOfDirectory(atPath: other).isEmpty)
      }
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
    #expect(try Home.restore(other, from: file) == 2600)
    #expect(try Links(home: Home(at: other)).rows().count == 1300)
  }
}
