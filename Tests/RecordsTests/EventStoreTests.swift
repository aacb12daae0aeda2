import Dispatcher
import Operations
import Setup
import StepKit
import Synchronization
import TestHomes
import Testing
import Values

@testable import Records

struct EventStoreTests {
  private let fixture: TestHome
  private let store: EventStore
  private let start = Timestamp(seconds: 1_800_000_000)

  init() throws {
    fixture = try TestHome()
    try fixture.connect()
    store = EventStore(home: fixture.home)
  }

  /// Takes an event so many seconds after the start.
  @discardableResult
  private func take(
    _ id: String, type: String = "made", at seconds: Int = 0, from connection: String = "a"
  ) throws -> [Run] {
    let time = start.adding(seconds: seconds)
    return Intake(registry: fixture.registry, clock: WallClock { time }).take(
      ["id": .string(id), "type": .string(type), "about": "x"],
      from: try fixture.registry.connections.get(connection)
    ).runs
  }

  @Test func entriesAreSortedByTime() throws {
    for (id, seconds) in [("third", 3), ("first", 1), ("second", 2)] { try take(id, at: seconds) }
    #expect(try store.entries().map(\.id) == ["first", "second", "third"])
    #expect(try store.entries().map(\.at) == [1, 2, 3].map { start.adding(seconds: $0) })
  }

  @Test func entriesAreLimitedToTheLatest() throws {
    for number in 1...4 { try take("e\(number)", at: number) }
    #expect(try store.entries(limit: 2).map(\.id) == ["e3", "e4"])
    #expect(try store.entries(limit: 0).isEmpty)
    #expect(try store.entries(limit: 2) { $0.id < "e3" }.map(\.id) == ["e1", "e2"])
  }

  @Test func entriesSinceATimeIncludeIt() throws {
    for number in 1...3 { try take("e\(number)", at: number) }
    #expect(try store.entries(since: start.adding(seconds: 2)).map(\.id) == ["e2", "e3"])
    #expect(try store.entries(since: start.adding(seconds: 4)).isEmpty)
  }

  @Test func entryHasWhatWasTaken() throws {
    let runs = try take("e1", at: 5)
    let entry = try store.entry("e1")
    #expect(entry.key == "event/alpha:one/e1")
    #expect(entry.account == "alpha:one")
    #expect(entry.at == start.adding(seconds: 5))
    #expect(entry.type == "made")
    #expect(entry.connection == "a")
    #expect(entry.runs == runs.map(\.id) && runs.count == 1)
    #expect(entry.body == ["id": "e1", "type": "made", "about": "x"])
    #expect(try store.body(of: #require(runs.first)) == entry.body)
  }

  @Test func entryWithoutListenerHasNoRuns() throws {
    try take("e1", type: "unmade")
    #expect(try store.entry("e1").runs.isEmpty)
  }

  @Test(arguments: ["a/b", "100 %", "ünï", "..", "a?b#c"])
  func entryIsFoundByAnIDWithReservedCharacters(id: String) throws {
    try take(id)
    #expect(try store.entry(id).id == id)
    #expect(try store.entry(store.entry(id).key).id == id)
  }

  @Test func entryOfUnknownIDIsRefused() throws {
    try take("e1")
    let problem = #expect(throws: Problem.self) { try store.entry("e2") }
    #expect(problem?.kind == .noInput)
  }

  @Test func entryOfAnIDOfTwoAccountsIsTheLatest() throws {
    _ = try fixture.registry.insertAlpha("other", account: "two")
    try take("same", at: 1, from: "other")
    try take("same", at: 2, from: "a")
    #expect(try store.entry("same").account == "alpha:one")
    #expect(try store.entry("event/alpha:two/same").account == "alpha:two")
    #expect(try store.bodies(of: "alpha:two", since: start).count == 1)
  }

  @Test func eventIsTakenOnce() throws {
    #expect(try take("e1", at: 1).count == 1)
    #expect(try take("e1", at: 2).isEmpty)
    #expect(try store.entries().map(\.at) == [start.adding(seconds: 1)])
  }
}

extension Registry {
  /// Adds a connection to another account of alpha.
  fileprivate func insertAlpha(_ name: String, account: String) throws -> Connection {
    try add(connection: name, app: "alpha", settings: ["account": account], secrets: [:])
  }
}
