import Foundation
import Setup
import Store
import TestHomes
import Testing
import Values

/// Entries of the audit log are numbered and chained.
struct AuditLogTests {
  private func log(_ home: Home, entries: Int = 4) throws -> AuditLog {
    let log = AuditLog(home: home)
    for number in 1...entries {
      try log.append(
        "connection set", on: ["c\(number)"], what: ["site"], by: "ada",
        at: WallClock.system.now())
    }
    return log
  }

  @Test func entriesAreChained() throws {
    let fixture = try TestHome()
    let entries = try log(fixture.home).entries()
    #expect(entries.map(\.number) == [1, 2, 3, 4])
    #expect(entries.allSatisfy { $0.isChained })
    #expect(entries[0].json["by"] == "ada" && entries[0].json["outcome"] == "done")
  }

  @Test func changedEntryBreaksTheChain() throws {
    let fixture = try TestHome()
    let log = try log(fixture.home)
    let key = "audit/000000000002"
    let text = try #require(try fixture.home.text(at: key))
    let other = try Home.document(in: text.replacing("ada", with: "eve"), at: key)
    _ = try fixture.home.commit([.put(key, other)])
    #expect(try log.entries().map(\.isChained) == [true, true, false, true])
  }

  @Test(arguments: [1, 2, 3]) func missingEntryBreaksTheChain(number: Int) throws {
    let fixture = try TestHome()
    let log = try log(fixture.home)
    _ = try fixture.home.commit([.remove("audit/00000000000\(number)")])
    #expect(try log.entries().contains { !$0.isChained })
  }

  @Test func processesAppendAtTheSameTime() throws {
    let fixture = try TestHome()
    let path = fixture.home.path
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      guard let home = try? Home(at: path) else { return }
      for _ in 0..<5 {
        _ = try? AuditLog(home: home).append("x", on: [], by: "b", at: WallClock.system.now())
      }
    }
    let entries = try AuditLog(home: fixture.home).entries()
    #expect(entries.count == 40)
    #expect(entries.allSatisfy { $0.isChained })
  }
}
