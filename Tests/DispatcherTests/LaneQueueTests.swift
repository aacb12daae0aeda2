import Lanes
import Testing
import Values

@testable import Dispatcher
@testable import Records

/// Lanes without threads and clocks.
@Suite struct LaneQueueTests {
  private static let now = Timestamp(seconds: 1_800_000_000)

  private static func run(_ id: String, lane: String, due: Int = 0) -> Run {
    var run = Run(
      id: id, flowConnection: "f", event: "event/a/\(id)", lane: lane, at: now)
    run.due = now.adding(seconds: due)
    return run
  }

  /// Claims all runs that are due, ends each, and gives their ids.
  private static func drain(_ queue: inout LaneQueue, at time: Timestamp = now) -> [String] {
    var ids: [String] = []
    while let claim = queue.claimDue(at: time) {
      ids.append(claim.item.run)
      queue.release(claim, .ended, at: time)
    }
    return ids
  }

  @Test func runsOfOneLaneAreClaimedOneAfterAnother() throws {
    var queue = LaneQueue()
    for id in ["1", "2", "3"] { queue.add(Self.run(id, lane: "a")) }
    queue.add(Self.run("4", lane: "b"))
    let firstClaimed = queue.claimDue(at: Self.now)
    let first = try #require(firstClaimed)
    let otherClaimed = queue.claimDue(at: Self.now)
    let other = try #require(otherClaimed)
    #expect([first.item.run, other.item.run] == ["1", "4"])
    #expect(queue.claimDue(at: Self.now) == nil)
    queue.release(first, .ended, at: Self.now)
    #expect(Self.drain(&queue) == ["2", "3"])
    #expect(queue.count == 1)
  }

  @Test func runIsAddedOnce() {
    var queue = LaneQueue()
    queue.add(Self.run("1", lane: "a"))
    queue.add(Self.run("1", lane: "a"))
    #expect(Self.drain(&queue) == ["1"])
    #expect(queue.count == 0)
  }

  /// A person acts on all runs that wait in a lane, and the first one goes back to another lane.
  @Test func runBehindOneThatMovedIsLookedAtToo() throws {
    var queue = LaneQueue()
    let later = Self.now.adding(seconds: 86_400)
    for id in ["1", "2", "3"] {
      var held = Self.run(id, lane: "a|f")
      held.wait(for: .person, until: later, at: Self.now)
      queue.add(held)
    }
    #expect(queue.claimDue(at: Self.now) == nil)
    queue.recheckWaiting(at: Self.now)
    for id in ["1", "2", "3"] {
      let claimed = queue.claimDue(at: Self.now)
      let claim = try #require(claimed)
      #expect(claim.item.run == id)
      queue.release(claim, .moved(lane: "a", until: later, forPerson: false), at: Self.now)
    }
    #expect(Self.drain(&queue, at: later) == ["1", "2", "3"])
  }

  /// Another thread may find a run open, and carry it, before intake adds it.
  @Test func runThatHasEndedIsNotAddedByIntake() {
    var queue = LaneQueue()
    var new = Self.run("1", lane: "a")
    queue.add(new)
    #expect(Self.drain(&queue) == ["1"])
    new.body = Array("{}".utf8)
    queue.add(new)
    #expect(queue.count == 0)
    // A person may let it go on
    queue.add(Self.run("1", lane: "a"))
    #expect(Self.drain(&queue) == ["1"])
  }

  @Test func waitingRunHoldsItsLaneUntilItIsDue() throws {
    var queue = LaneQueue()
    queue.add(Self.run("1", lane: "a"))
    queue.add(Self.run("2", lane: "a"))
    let claimClaimed = queue.claimDue(at: Self.now)
    let claim = try #require(claimClaimed)
    let later = Self.now.adding(seconds: 60)
    queue.release(claim, .waits(until: later, forPerson: false), at: Self.now)
    #expect(Self.drain(&queue).isEmpty)
    #expect(queue.nextDue == later)
    #expect(Self.drain(&queue, at: later) == ["1", "2"])
  }

  @Test func movedRunLeavesItsLaneToOthers() throws {
    var queue = LaneQueue()
    queue.add(Self.run("1", lane: "a"))
    queue.add(Self.run("2", lane: "a"))
    let claimClaimed = queue.claimDue(at: Self.now)
    let claim = try #require(claimClaimed)
    let later = Self.now.adding(seconds: 60)
    queue.release(claim, .moved(lane: "a|f", until: later, forPerson: false), at: Self.now)
    #expect(Self.drain(&queue) == ["2"])
    #expect(Self.drain(&queue, at: later) == ["1"])
  }

  @Test func recheckMakesRunsThatWaitForAPersonDue() throws {
    var queue = LaneQueue()
    queue.add(Self.run("1", lane: "a"))
    queue.add(Self.run("2", lane: "b"))
    let later = Self.now.adding(seconds: 60)
    for forPerson in [true, false] {
      let claimClaimed = queue.claimDue(at: Self.now)
      let claim = try #require(claimClaimed)
      queue.release(claim, .waits(until: later, forPerson: forPerson), at: Self.now)
    }
    queue.recheckWaiting(at: Self.now)
    #expect(Self.drain(&queue) == ["1"])
  }

  @Test func recheckDuringARunMakesItDueAgain() throws {
    var queue = LaneQueue()
    queue.add(Self.run("1", lane: "a"))
    let claimClaimed = queue.claimDue(at: Self.now)
    let claim = try #require(claimClaimed)
    queue.recheckWaiting(at: Self.now)
    queue.release(
      claim, .waits(until: Self.now.adding(seconds: 60), forPerson: true), at: Self.now)
    #expect(Self.drain(&queue) == ["1"])
  }

  @Test func newRunIsClaimedWithItsBody() throws {
    var queue = LaneQueue()
    var run = Self.run("1", lane: "a")
    run.body = [1, 2, 3]
    queue.add(run)
    #expect(queue.hasFresh)
    #expect(queue.claimDue(at: Self.now) == nil)
    let fresh = queue.claimFresh()
    let (claim, claimed) = try #require(fresh)
    #expect(claimed.body == [1, 2, 3])
    queue.pass(claim)
    #expect(!queue.hasFresh)
    #expect(Self.drain(&queue) == ["1"])
  }

  /// The burst of a few customers leaves room for others.
  @Test func laneMayTakeHalfOfTheRoomThatIsLeft() {
    var queue = LaneQueue()
    var number = 0
    for burst in 1...3 {
      while queue.hasRoom(in: "burst \(burst)", of: 8000) {
        queue.add(Self.run("\(number)", lane: "burst \(burst)"))
        number += 1
      }
    }
    #expect((4000..<8000).contains(number), "\(number) of 8,000")
    #expect(queue.hasRoom(in: "other", of: 8000))
    for lane in 0..<8000 - number { queue.add(Self.run("o\(lane)", lane: "o\(lane)")) }
    #expect(!queue.hasRoom(in: "one more", of: 8000))
  }

  @Test func longLaneIsDrainedInOrder() {
    var queue = LaneQueue()
    let ids = (0..<20_000).map { String($0) }
    for id in ids { queue.add(Self.run(id, lane: "a")) }
    #expect(Self.drain(&queue) == ids)
  }
}
