import Dispatcher
import Foundation
import Step
import Store
import Testing

struct HousekeepingTests {
  @Test func removesWhatIsOldAndAtItsEnd() throws {
    let house = try House()
    _ = try house.connect()
    try house.script("beta-take", #"echo '{"outcome":"stop","reason":"seen"}'"#)
    let run = try #require(try house.dispatch().first)
    let keeping = Housekeeping(home: house.home)
    let now = Clock.system.now()
    #expect(try keeping.sweep(now: now.adding(seconds: 29 * 86_400)) == 0)
    #expect(try house.dispatch().isEmpty)
    #expect(try keeping.sweep(now: now.adding(seconds: 31 * 86_400)) == 1)
    #expect(try keeping.sweep(now: now.adding(seconds: 31 * 86_400)) == 0)
    #expect(throws: Problem.self) { try RunBook(home: house.home).run(run.id) }
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
    let late = Clock.system.now().adding(seconds: 400 * 86_400)
    #expect(try Housekeeping(home: house.home).sweep(now: late) == 0)
    #expect(try RunBook(home: house.home).open().map(\.id) == [run.id])
  }
}
