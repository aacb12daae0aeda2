import Catalog
import Dispatcher
import Foundation
import Operations
import Service
import Setup
import StepKit
import Store
import Synchronization
import TestHomes
import TestSupport
import Testing
import Values

@testable import Records

struct RetentionTests {
  @Test func sweepRemovesOldEndedRuns() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try fixture.script("beta-take", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    let run = try #require(try fixture.dispatch().first)
    let keeping = Retention(home: fixture.home)
    let now = WallClock.system.now()
    let day = 86_400
    #expect(
      try keeping.sweep(now: now.adding(seconds: 29 * day), ran: Double(29 * day)) == .removed(0))
    #expect(try fixture.dispatch().isEmpty)
    #expect(try keeping.sweep(now: now.adding(seconds: 31 * day), ran: 0) == .removed(1))
    #expect(try keeping.sweep(now: now.adding(seconds: 31 * day), ran: 0) == .removed(0))
    #expect(throws: Problem.self) { try RunStore(home: fixture.home).run(run.id) }
    for prefix in ["event/", "run/", "effect/", "reply/", "taken/", "open/"] {
      var scan = try fixture.home.store.scan(prefix: prefix)
      #expect(try scan.next() == nil, "\(prefix)")
    }
  }

  /// A clock far ahead removes nothing, also when it stays so and new events come, until the process has
  /// run with it for a week.
  @Test func clockFarAheadRemovesNothing() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try fixture.script("beta-take", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    #expect(try fixture.dispatch().count == 1)
    let keeping = Retention(home: fixture.home)
    let (now, day) = (WallClock.system.now(), 86_400)
    func sweep(afterDays days: Int, ranDays: Int) throws -> Retention.Outcome {
      try keeping.sweep(now: now.adding(seconds: days * day), ran: Double(ranDays * day))
    }
    func waits(_ outcome: Retention.Outcome) -> Bool {
      if case .waits = outcome { true } else { false }
    }
    #expect(try waits(sweep(afterDays: 3650, ranDays: 0)))
    #expect(try waits(sweep(afterDays: 3651, ranDays: 1)))
    #expect(try waits(sweep(afterDays: 9000, ranDays: 1)), "the clock jumped once more")
    #expect(try sweep(afterDays: 3, ranDays: 1) == .removed(0), "the clock is right again")
    #expect(try fixture.dispatch().isEmpty, "the event is still known")
    #expect(try waits(sweep(afterDays: 60, ranDays: 0)))
    for later in 1...6 { #expect(try waits(sweep(afterDays: 60 + later, ranDays: 1))) }
    #expect(
      try sweep(afterDays: 67, ranDays: 1) == .removed(1), "serve was stopped, the clock is right")
  }

  @Test func sweepKeepsOpenRuns() throws {
    let fixture = try TestHome()
    _ = try fixture.connect(port: 1)
    try fixture.script(
      "beta-take",
      #"echo '{"outcome":"ask","effects":[{"http":{"name":"look","method":"GET","path":"/x"}}]}'"#)
    let run = try #require(try fixture.dispatch().first)
    #expect(run.status == .pending)
    let late = WallClock.system.now().adding(seconds: 400 * 86_400)
    #expect(try Retention(home: fixture.home).sweep(now: late, ran: 400 * 86_400) == .removed(0))
    #expect(try RunStore(home: fixture.home).open().map(\.id) == [run.id])
  }

  @Test func storeStaysSmallWithSweeps() throws {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try fixture.script("alpha-made", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    let today = Mutex(WallClock.system.now())
    let clock = WallClock { today.withLock { $0 } }
    let foreground = Foreground(
      registry: fixture.registry, caller: fixture.functions, clock: clock)
    let alpha = try fixture.registry.connections.get("a")
    var sizes: [Int] = []
    for day in stride(from: 2, through: 120, by: 2) {
      today.withLock { $0 = $0.adding(seconds: 2 * 86_400) }
      let id: JSON = .string("e\(day)")
      let event: JSON = ["id": id, "type": "made", "about": id, "more": .string(Self.large)]
      _ = try foreground.dispatch(event, from: alpha)
      _ = try Retention(home: fixture.home).sweep(now: clock.now(), ran: 2 * 86_400)
      if day.isMultiple(of: 40) { sizes.append(try size(of: fixture.path + "/home/store")) }
    }
    #expect(sizes[0] > 15 * Self.large.utf8.count)
    #expect(sizes[2] < sizes[0] * 11 / 10, "\(sizes)")
  }

  private static let large = String(repeating: "x", count: 5000)

  private func size(of folder: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) { sum, name in
      let facts = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
      return sum + (facts[.size] as? Int ?? 0)
    }
  }
}
