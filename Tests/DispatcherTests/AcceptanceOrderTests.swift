import Foundation
import StepKit
import TestHomes
import Testing
import Values

@testable import Dispatcher
@testable import Records
@testable import Setup

/// Runs sort by the order in which their events were accepted, whatever the clock does.
@Suite struct AcceptanceOrderTests {
  private static func event(_ number: Int) -> JSON {
    ["id": .string("e\(number)"), "type": "made", "about": "x"]
  }

  @Test func runsOfOneMillisecondSortByAcceptance() throws {
    let fixture = try TestHome()
    let alpha = try fixture.connect()
    let clock = WallClock { Timestamp(seconds: 1_800_000_000) }
    let intake = Intake(registry: fixture.registry, clock: clock)
    let runs = (0..<200).flatMap { intake.take(Self.event($0), from: alpha).runs }
    #expect(runs.count == 200)
    #expect(try RunStore(home: fixture.home).open().map(\.id) == runs.map(\.id))
  }

  @Test func runsSortByAcceptanceWhenTheClockGoesBack() throws {
    let fixture = try TestHome()
    let alpha = try fixture.connect()
    let first = Intake(
      registry: fixture.registry, clock: WallClock { Timestamp(seconds: 1_800_000_000) }
    ).take(Self.event(1), from: alpha).runs
    let open = try RunStore(home: fixture.home).open()
    let order = AcceptanceOrder(after: try #require(open.last?.acceptedAt))
    let second = Intake(
      registry: fixture.registry, clock: WallClock { Timestamp(seconds: 1_700_000_000) },
      order: order
    ).take(Self.event(2), from: alpha).runs
    #expect(second.first?.at == Timestamp(seconds: 1_700_000_000))
    #expect(try RunStore(home: fixture.home).open().map(\.id) == (first + second).map(\.id))
  }

  /// What was accepted in the millisecond of the newest run may have had any number.
  @Test func orderBeginsAfterTheMillisecondOfTheNewestRun() {
    let newest = Timestamp(milliseconds: 5)
    for now in [4, 5] {
      let order = AcceptanceOrder(after: newest)
      let next = order.next(at: Timestamp(milliseconds: now))
      #expect(next == .init(time: Timestamp(milliseconds: 6), number: 0))
    }
    let later = AcceptanceOrder(after: newest).next(at: Timestamp(milliseconds: 7))
    #expect(later == .init(time: Timestamp(milliseconds: 7), number: 0))
  }

  @Test func identifierTellsItsTime() throws {
    let time = Timestamp(milliseconds: 1_800_000_000_123)
    let id = try Identifier.make("run", at: time, number: 238_327, name: "x")
    #expect(Identifier.time(of: id) == time)
    #expect(Identifier.time(of: "run") == nil)
    #expect(try Identifier.make("run", at: time, number: 5, name: "a") < id)
  }

  @Test func orderGoesOnInTheNextMillisecondWhenOneIsFull() {
    let order = AcceptanceOrder()
    let now = Timestamp(milliseconds: 5)
    var last = order.next(at: now)
    for _ in 0..<(62 * 62 * 62 - 1) { last = order.next(at: now) }
    #expect(last == .init(time: now, number: 62 * 62 * 62 - 1))
    #expect(order.next(at: now) == .init(time: Timestamp(milliseconds: 6), number: 0))
  }
}
