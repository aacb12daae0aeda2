import Setup
import TestHomes
import Testing
import Values

@testable import Records

/// Webhooks that could not be read are kept within limits, and each once.
struct UnreadableEventsTests {
  private let fixture: TestHome
  private let events: UnreadableEvents
  private let start = Timestamp(seconds: 1_800_000_000)

  init() throws {
    fixture = try TestHome()
    try fixture.connect()
    events = UnreadableEvents(home: fixture.home)
  }

  private func keep(_ body: [UInt8], at seconds: Int = 0) throws -> Bool {
    try events.keep(
      body, of: fixture.registry.connections.get("a"), reason: "no JSON",
      at: start.adding(seconds: seconds))
  }

  @Test func bodiesAreKeptOnceTheOldestFirst() throws {
    #expect(try keep([0xFF, 0x00], at: 9))
    #expect(try keep(Array("{".utf8), at: 5))
    #expect(try keep([0xFF, 0x00], at: 12))
    let entries = try events.entries()
    #expect(entries.map(\.body) == [Array("{".utf8), [0xFF, 0x00]])
    #expect(entries.map(\.reason) == ["no JSON", "no JSON"])
    #expect(entries.map(\.at) == [start.adding(seconds: 5), start.adding(seconds: 9)])
    #expect(try events.entry("0") == nil)
  }

  @Test func largeBodyIsCutAndItsSizeKept() throws {
    #expect(try keep([UInt8](repeating: 0x20, count: UnreadableEvents.mostBytes + 1)))
    let entry = try #require(try events.entries().first)
    #expect(entry.size == UnreadableEvents.mostBytes + 1)
    #expect(entry.body.count == UnreadableEvents.mostBytes)
  }

  @Test func noMoreThanTheMostAreKept() throws {
    for number in 0..<UnreadableEvents.most { #expect(try keep(Array("\(number)".utf8))) }
    #expect(try !keep(Array("one more".utf8)))
    #expect(try keep(Array("7".utf8)))
    try events.remove(try #require(try events.entries().first))
    #expect(try keep(Array("one more".utf8)))
    #expect(try events.count() == UnreadableEvents.most)
  }
}
