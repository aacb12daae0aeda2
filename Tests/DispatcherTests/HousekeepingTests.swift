import Foundation
import StepKit
import Store
import Synchronization
import Testing
import Values

@testable import Catalog
@testable import Dispatcher
@testable import Operations
@testable import Records
@testable import Service
@testable import Setup

struct HousekeepingTests {
  @Test func removesWhatIsOldAndAtItsEnd() throws {
    let house = try House()
    _ = try house.connect()
    try house.script("beta-take", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    let run = try #require(try house.dispatch().first)
    let keeping = Retention(home: house.home)
    let now = WallClock.system.now()
    #expect(try keeping.sweep(now: now.adding(seconds: 29 * 86_400)) == 0)
    #expect(try house.dispatch().isEmpty)
    #expect(try keeping.sweep(now: now.adding(seconds: 31 * 86_400)) == 1)
    #expect(try keeping.sweep(now: now.adding(seconds: 31 * 86_400)) == 0)
    #expect(throws: Problem.self) { try RunStore(home: house.home).run(run.id) }
    for prefix in ["event/", "run/", "effect/", "reply/", "taken/", "open/"] {
      var scan = try house.home.store.scan(prefix: prefix)
      #expect(try scan.next() == nil, "\(prefix)")
    }
  }

  @Test func keepsWhatIsNotAtItsEnd() throws {
    let house = try House()
    _ = try house.connect(port: 1)
    try house.script(
      "beta-take",
      #"echo '{"outcome":"ask","effects":[{"http":{"name":"look","method":"GET","path":"/x"}}]}'"#)
    let run = try #require(try house.dispatch().first)
    #expect(run.status == .pending)
    let late = WallClock.system.now().adding(seconds: 400 * 86_400)
    #expect(try Retention(home: house.home).sweep(now: late) == 0)
    #expect(try RunStore(home: house.home).open().map(\.id) == [run.id])
  }

  @Test func keepsTheStoreSmallHoweverLongItRuns() throws {
    let house = try House()
    _ = try house.connect()
    try house.script("alpha-made", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    let today = Mutex(WallClock.system.now())
    let clock = WallClock { today.withLock { $0 } }
    let intake = Intake(registry: house.registry, clock: clock)
    let executor = RunExecutor(
      registry: house.registry, caller: house.functions, backoff: Backoff(), clock: clock)
    let alpha = try house.registry.connections.get("a")
    var sizes: [Int] = []
    for day in stride(from: 2, through: 120, by: 2) {
      today.withLock { $0 = $0.adding(seconds: 2 * 86_400) }
      let id: JSON = .string("e\(day)")
      let event: JSON = ["id": id, "type": "made", "about": id, "more": .string(Self.large)]
      for run in intake.take(event, from: alpha).runs { _ = try executor.advance(run) }
      _ = try Retention(home: house.home).sweep(now: clock.now())
      if day.isMultiple(of: 40) { sizes.append(try size(of: house.path + "/home/store")) }
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
