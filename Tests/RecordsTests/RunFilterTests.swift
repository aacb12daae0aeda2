import Catalog
import Dispatcher
import Foundation
import Operations
import Service
import Setup
import StepKit
import TestHomes
import TestSupport
import Testing
import Values

@testable import Records

/// Filters of runs by flow connection, status, time and customer.
struct RunFilterTests {
  /// A home with runs of three lanes: two successful ones and one that failed.
  private static func fixture() throws -> TestHome {
    let fixture = try TestHome()
    _ = try fixture.connect()
    try fixture.script(
      "alpha-made",
      #"""
      read -r line
      about=$(printf %s "$line" | sed 's/.*"about":"\([a-z0-9]*\)".*/\1/')
      echo '{"outcome":"done","output":{"ids":{"alpha":"'$about'"}}}'
      """#)
    try fixture.script(
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
      _ = try fixture.dispatch(
        ["id": .string("e-\(about)"), "type": "made", "about": .string(about)])
    }
    return fixture
  }

  private static func lanes(_ runs: [Run]) -> [String] { runs.map(\.lane) }

  @Test func filterFindsAllOrTheLatest() throws {
    let fixture = try Self.fixture()
    let all = try fixture.registry.runs(RunFilter())
    #expect(Set(Self.lanes(all)) == ["alpha:one/x", "alpha:one/y", "alpha:one/bad"])
    #expect(all.map(\.id) == all.map(\.id).sorted())
    #expect(try fixture.registry.runs(RunFilter(), limit: 2).map(\.id) == all.suffix(2).map(\.id))
  }

  @Test func filterFindsByStatusAndFlowConnection() throws {
    let fixture = try Self.fixture()
    var filter = RunFilter()
    filter.status = .failed
    #expect(try Self.lanes(fixture.registry.runs(filter)) == ["alpha:one/bad"])
    filter.flowConnection = "ab"
    #expect(try Self.lanes(fixture.registry.runs(filter)) == ["alpha:one/bad"])
    filter.flowConnection = "other"
    #expect(try fixture.registry.runs(filter).isEmpty)
  }

  @Test func filterFindsByTimeInclusively() throws {
    let fixture = try Self.fixture()
    let all = try fixture.registry.runs(RunFilter())
    let (first, last) = try (#require(all.first), #require(all.last))
    var filter = RunFilter()
    filter.since = last.at
    filter.until = last.at
    #expect(
      try fixture.registry.runs(filter).map(\.id) == all.filter { $0.at == last.at }.map(\.id))
    filter.since = Timestamp(milliseconds: last.at.milliseconds + 1)
    filter.until = nil
    #expect(try fixture.registry.runs(filter).isEmpty)
    filter.since = nil
    filter.until = Timestamp(milliseconds: first.at.milliseconds - 1)
    #expect(try fixture.registry.runs(filter).isEmpty)
  }

  @Test func filterFindsACustomerByEventOutputsAndLinks() throws {
    let fixture = try Self.fixture()
    func found(_ scope: String, _ id: String) throws -> [String] {
      var filter = RunFilter()
      filter.customer = try CustomerIDs(scope, id, in: fixture.home)
      return try Self.lanes(fixture.registry.runs(filter))
    }
    #expect(try found("alpha:one", "bad") == ["alpha:one/bad"])
    #expect(try found("beta:b", "B1") == ["alpha:one/x"])
    #expect(try found("beta:b", "B2") == ["alpha:one/y"])
    #expect(try found("alpha:two", "x") == [])
    #expect(try found("other:o", "B2") == [])
    let links = Links(home: fixture.home)
    try links.link(.customer, ["other:o": "O1", "alpha:one": "bad"])
    try links.link(.account, ["other:o": "O1", "beta:b": "B2"])
    #expect(try Set(found("alpha:one", "bad")) == ["alpha:one/bad", "alpha:one/y"])
  }

  @Test func feedReportsNewAndChangedRuns() throws {
    let fixture = try Self.fixture()
    var filter = RunFilter()
    filter.customer = try CustomerIDs("alpha:one", "z", in: fixture.home)
    var feed = try RunFeed(fixture.registry, filter)
    _ = try fixture.dispatch(["id": "e-y2", "type": "made", "about": "y"])
    let run = try #require(try fixture.dispatch(["id": "e-z", "type": "made", "about": "z"]).first)
    let told = try feed.next()
    #expect(Set(told.map(\.id)) == [run.id])
    #expect(told.first?.status == .pending)
    #expect(told.last?.status == .success)
    _ = try RunStore(home: fixture.home).retry(run.id, from: 1, now: WallClock.system.now())
    #expect(try feed.next().map(\.status) == [.pending])
  }

  @Test func feedWaitsForAnotherProcess() throws {
    let fixture = try Self.fixture()
    let other = try Home(at: fixture.home.path)
    let registry = Registry(home: other, catalog: fixture.registry.catalog)
    var feed = try RunFeed(registry, RunFilter())
    let foreground = Foreground(registry: fixture.registry, caller: fixture.functions)
    let alpha = try fixture.registry.connections.get("a")
    let thread = Thread {
      _ = try? foreground.dispatch(["id": "e-late", "type": "made", "about": "late"], from: alpha)
    }
    thread.start()
    var last: Run?
    while last?.status != .success { last = try feed.next().last }
    #expect(last?.lane == "alpha:one/late")
  }
}
