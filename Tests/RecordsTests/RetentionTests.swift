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
    #expect(try keeping.sweep(now: now.adding(seconds: 29 * 86_400)) == 0)
    #expect(try fixture.dispatch().isEmpty)
    #expect(try keeping.sweep(now: now.adding(seconds: 31 * 86_400)) == 1)
    #expect(try keeping.sweep(now: now.adding(seconds: 31 * 86_400)) == 0)
    #expect(throws: Problem.self) { try RunStore(home: fixture.home).run(run.id) }
    for prefix in ["event/", "run/", "effect/", "reply/", "taken/", "open/"] {
      var scan = try fixture.home.store.scan(prefix: prefix)
      #expect(try scan.next() == nil, "\(prefix)")
    }
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
    #expect(try Retention(home: fixture.home).sweep(now: late) == 0)
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
      _ = try Retention(home: fixture.home).sweep(now: clock.now())
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
