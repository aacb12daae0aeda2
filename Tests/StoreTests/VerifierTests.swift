import Store
import Testing

@Suite struct VerifierTests {
  @Test func verificationCountsRecordsAndBytes() throws {
    let scratch = try ScratchDirectory()
    let store = try scratch.store()
    _ = try store.commit([.put("a", "1"), .put("b", "2")])
    try store.compact()
    _ = try store.commit([.put("a", "3"), .remove("b")])
    let report = try store.verify()
    #expect(report.tableRecords == 2)
    #expect(report.journalRecords == 2)
    #expect(
      report.bytes == (2 * "00000000 +a\t1\n".utf8.count) + (try journal(scratch).bytes.count))
    #expect(report.isSound)
    #expect(report.tornBytes == 0)
  }

  @Test func verificationFindsEachDamagedLine() throws {
    let scratch = try ScratchDirectory()
    let store = try scratch.store()
    for index in 1...4 { _ = try store.commit([.put("a", "\(index)"), .put("b", "\(index)")]) }
    var (name, bytes) = try journal(scratch)
    // A group has three lines. These are the last of the first and the first of the third.
    let starts = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
    bytes[starts[2]] ^= 1
    bytes[starts[6]] ^= 1
    try scratch.write(bytes, name)
    let file = "\(scratch.path)/\(name)"
    let report = try FileStore.verify(at: scratch.path)
    #expect(report.damages.map(\.file) == [file, file])
    #expect(report.damages.map(\.offset) == [starts[2], starts[6]])
    #expect(report.journalRecords == 4)
  }

  @Test func verificationDistinguishesTornTailFromDamage() throws {
    let scratch = try ScratchDirectory()
    _ = try scratch.store().put("1", at: "a")
    let (name, bytes) = try journal(scratch)
    try scratch.write(bytes + bytes.prefix(10), name)
    let report = try FileStore.verify(at: scratch.path)
    #expect(report.isSound)
    #expect(report.tornBytes == 10)
    #expect(try scratch.bytes(name).count == bytes.count + 10)
  }

  private func journal(_ scratch: ScratchDirectory) throws -> (name: String, bytes: [UInt8]) {
    let name = try #require(try scratch.names().last { $0.hasPrefix("journal") })
    return (name, try scratch.bytes(name))
  }
}
