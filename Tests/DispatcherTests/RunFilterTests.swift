import Foundation
import StepKit
import Testing
import Values

@testable import Catalog
@testable import Dispatcher
@testable import Operations
@testable import Records
@testable import Service
@testable import Setup

/// Which runs are found: by flow connection, status, time and customer.
struct RunFilterTests {
  /// A house with runs of three things: two that `beta` took and one that failed.
  private static func house() throws -> House {
    let house = try House()
    _ = try house.connect()
    try house.script(
      "alpha-made",
      #"""
      read -r line
      about=$(printf %s "$line" | sed 's/.*"about":"\([a-z0-9]*\)".*/\1/')
      echo '{"outcome":"done","output":{"ids":{"alpha":"'$about'"}}}'
      """#)
    try house.script(
      "beta-take",
      #"""
      read -r line
      case "$line" in
        *'"alpha":"bad"'*) echo '{"outcome":"fail","reason":"no"}';;
        *'"alpha":"x"'*) echo '{"outcome":"done","output":{"customer":{"ids":{"beta":"B1"}}}}';;
        *) echo '{"outcome":"done","output":{"customer":{"beta":"B2"}}}';;
      esac
      """#)
    for about in ["x", "y", "bad"] {
      _ = try house.dispatch(
        ["id": .string("e-\(about)"), "type": "made", "about": .string(about)])
    }
    return house
  }

  private static func lanes(_ runs: [Run]) -> [String] { runs.map(\.lane) }

  @Test func findsAllAndTheLatest() throws {
    let house = try Self.house()
    let all = try house.registry.runs(RunFilter())
    #expect(Set(Self.lanes(all)) == ["alpha:one/x", "alpha:one/y", "alpha:one/bad"])
    #expect(all.map(\.id) == all.map(\.id).sorted())
    #expect(try house.registry.runs(RunFilter(), limit: 2).map(\.id) == all.suffix(2).map(\.id))
  }

  @Test func findsByStatusAndFlowConnection() throws {
    let house = try Self.house()
    var filter = RunFilter()
    filter.status = .failed
    #expect(try Self.lanes(house.registry.runs(filter)) == ["alpha:one/bad"])
    filter.flowConnection = "ab"
    #expect(try Self.lanes(house.registry.runs(filter)) == ["alpha:one/bad"])
    filter.flowConnection = "other"
    #expect(try house.registry.runs(filter).isEmpty)
  }

  @Test func findsByTimeAndTakesBothEnds() throws {
    let house = try Self.house()
    let all = try house.registry.runs(RunFilter())
    let (first, last) = try (#require(all.first), #require(all.last))
    var filter = RunFilter()
    filter.since = last.at
    filter.until = last.at
    #expect(try house.registry.runs(filter).map(\.id) == all.filter { $0.at == last.at }.map(\.id))
    filter.since = Timestamp(milliseconds: last.at.milliseconds + 1)
    filter.until = nil
    #expect(try house.registry.runs(filter).isEmpty)
    filter.since = nil
    filter.until = Timestamp(milliseconds: first.at.milliseconds - 1)
    #expect(try house.registry.runs(filter).isEmpty)
  }

  @Test func findsACustomerByItsEventItsOutputsAndTheMapping() throws {
    let house = try Self.house()
    func found(_ scope: String, _ id: String) throws -> [String] {
      var filter = RunFilter()
      filter.customer = try CustomerIDs(scope, id, in: house.home)
      return try Self.lanes(house.registry.runs(filter))
    }
    #expect(try found("alpha:one", "bad") == ["alpha:one/bad"])
    #expect(try found("beta:b", "B1") == ["alpha:one/x"])
    #expect(try found("beta:b", "B2") == ["alpha:one/y"])
    #expect(try found("alpha:two", "x") == [])
    #expect(try found("other:o", "B2") == [])
    let links = Links(home: house.home)
    try links.link(.customer, ["other:o": "O1", "alpha:one": "bad"])
    try links.link(.account, ["other:o": "O1", "beta:b": "B2"])
    #expect(try Set(found("alpha:one", "bad")) == ["alpha:one/bad", "alpha:one/y"])
  }

  @Test func followsWhatComesAndChanges() throws {
    let house = try Self.house()
    var filter = RunFilter()
    filter.customer = try CustomerIDs("alpha:one", "z", in: house.home)
    var feed = try RunFeed(house.registry, filter)
    _ = try house.dispatch(["id": "e-y2", "type": "made", "about": "y"])
    let run = try #require(try house.dispatch(["id": "e-z", "type": "made", "about": "z"]).first)
    let told = try feed.next()
    #expect(Set(told.map(\.id)) == [run.id])
    #expect(told.first?.status == .pending)
    #expect(told.last?.status == .success)
    _ = try RunStore(home: house.home).retry(run.id, from: 1, now: WallClock.system.now())
    #expect(try feed.next().map(\.status) == [.pending])
  }

  @Test func waitsForWhatOthersWrite() throws {
    let house = try Self.house()
    let other = try Home(at: house.home.path)
    let registry = Registry(home: other, catalog: house.registry.catalog)
    var feed = try RunFeed(registry, RunFilter())
    let foreground = Foreground(registry: house.registry, caller: house.functions)
    let alpha = try house.registry.connections.get("a")
    let thread = Thread {
      _ = try? foreground.dispatch(["id": "e-late", "type": "made", "about": "late"], from: alpha)
    }
    thread.start()
    var last: Run?
    while last?.status != .success { last = try feed.next().last }
    #expect(last?.lane == "alpha:one/late")
  }
}
