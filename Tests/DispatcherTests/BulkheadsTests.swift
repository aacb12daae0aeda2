import Testing
import Values

@testable import Lanes

/// Shares, queues and circuit breakers, without threads and clocks.
struct BulkheadsTests {
  private let start = Timestamp(seconds: 1_800_000_000)
  private let dead = Resource.connection("dead")
  private let good = Resource.connection("good")

  private func time(_ seconds: Int) -> Timestamp { start.adding(seconds: seconds) }

  private func bulkheads(share: Int = 2) -> Trial { Trial(share: share) }

  /// Waiters in the order of their turns, each of which is answered at once.
  private func drain(_ bulkheads: Trial, at now: Timestamp) -> [String] {
    var waiters: [String] = []
    while let turn = bulkheads.next(at: now) {
      waiters.append(turn.waiter)
      _ = bulkheads.end(turn.resource, .answered(isGood: true), at: now)
    }
    return waiters
  }

  // MARK: Shares

  @Test func oneResourceDoesNotUseTheShareOfAnother() {
    let bulkheads = bulkheads()
    #expect(bulkheads.begin(dead, at: start))
    #expect(bulkheads.begin(dead, at: start))
    #expect(!bulkheads.begin(dead, at: start))
    for number in 1...1000 {
      bulkheads.wait("\(number)", for: dead, .new(customer: "\(number)"), at: start)
    }
    #expect(bulkheads.next(at: start) == nil)
    #expect(bulkheads.begin(good, at: start))
    #expect(bulkheads.end(good, .answered(isGood: true), at: start) == nil)
    #expect(bulkheads.count == 1000)
  }

  @Test func endOfAUseAdmitsTheNext() {
    let bulkheads = bulkheads(share: 1)
    #expect(bulkheads.begin(good, at: start))
    bulkheads.wait("a", for: good, .new(customer: "a"), at: start)
    bulkheads.wait("b", for: good, .new(customer: "b"), at: start)
    #expect(bulkheads.next(at: start) == nil)
    _ = bulkheads.end(good, .unused, at: start)
    #expect(bulkheads.next(at: start)?.waiter == "a")
    #expect(bulkheads.next(at: start) == nil)
    #expect(!bulkheads.begin(good, at: start), "others wait")
  }

  // MARK: Order

  @Test func customersTakeTurns() {
    let bulkheads = bulkheads(share: 1)
    for number in 1...3 { bulkheads.wait("a\(number)", for: good, .new(customer: "a"), at: start) }
    bulkheads.wait("b1", for: good, .new(customer: "b"), at: start)
    bulkheads.wait("c1", for: good, .new(customer: "c"), at: start)
    bulkheads.wait("b2", for: good, .new(customer: "b"), at: start)
    #expect(drain(bulkheads, at: start) == ["a1", "b1", "c1", "a2", "b2", "a3"])
  }

  @Test func whoHasBegunGoesFirstAndWhoReturnsBeforeAll() {
    let bulkheads = bulkheads(share: 1)
    bulkheads.wait("new", for: good, .new(customer: "a"), at: start)
    bulkheads.wait("begun", for: good, .underWay, at: start)
    bulkheads.wait("returning", for: good, .returning, at: start)
    #expect(drain(bulkheads, at: start) == ["returning", "begun", "new"])
  }

  @Test func removedWaiterLosesItsTurnAndNobodyElseDoes() {
    let bulkheads = bulkheads(share: 1)
    bulkheads.wait("a1", for: good, .new(customer: "a"), at: start)
    bulkheads.wait("b1", for: good, .new(customer: "b"), at: start)
    bulkheads.wait("begun", for: good, .underWay, at: start)
    bulkheads.wait("b2", for: good, .new(customer: "b"), at: start)
    bulkheads.wait("returning", for: good, .returning, at: start)
    bulkheads.wait("dead", for: dead, .returning, at: start)
    for name in ["a1", "begun", "returning", "dead"] { #expect(bulkheads.remove(name) == name) }
    #expect(bulkheads.remove("a1") == nil)
    #expect(bulkheads.count == 2)
    #expect(drain(bulkheads, at: start) == ["b1", "b2"])
    #expect(bulkheads.nextTurn(at: start) == nil)
  }

  // MARK: Rate limits

  /// Until the limiter permits a request, nobody else is woken.
  @Test func limitedResourceAdmitsOneAtATime() throws {
    let bulkheads = bulkheads(share: 16)
    #expect(bulkheads.begin(good, at: start))
    _ = bulkheads.end(good, .postponed(until: time(3)), at: start)
    for name in ["a", "b", "c"] { bulkheads.wait(name, for: good, .new(customer: name), at: start) }
    #expect(bulkheads.next(at: time(2)) == nil)
    #expect(bulkheads.nextTurn(at: time(2)) == time(3))
    #expect(bulkheads.next(at: time(3))?.waiter == "a")
    #expect(bulkheads.next(at: time(3)) == nil, "it has not been permitted yet")
    bulkheads.confirm(good)
    #expect(bulkheads.next(at: time(3))?.waiter == "b", "there may be a second token")
    _ = bulkheads.end(good, .postponed(until: time(5)), at: time(3))
    bulkheads.wait("b", for: good, .returning, at: time(3))
    #expect(bulkheads.next(at: time(4)) == nil)
    #expect(bulkheads.next(at: time(5))?.waiter == "b")
  }

  /// Ten thousand wait for ten requests a second: each is woken twice at most.
  @Test func waitingForARateLimitTakesNoWork() {
    let bulkheads = bulkheads(share: 16)
    var window = RateStandIn()
    for number in 0..<10_000 {
      bulkheads.wait("\(number)", for: good, .new(customer: "\(number)"), at: start)
    }
    var (turns, permitted, now) = (0, 0, start)
    while permitted < 2000, turns < 100_000 {
      guard let turn = bulkheads.next(at: now) else {
        now = bulkheads.nextTurn(at: now) ?? now
        continue
      }
      turns += 1
      if let until = window.wait(at: now) {
        _ = bulkheads.end(good, .postponed(until: until), at: now)
        bulkheads.wait(turn.waiter, for: good, .returning, at: now)
      } else {
        bulkheads.confirm(good)
        _ = bulkheads.end(good, .answered(isGood: true), at: now)
        permitted += 1
      }
    }
    #expect(permitted == 2000)
    #expect(turns <= 2 * permitted + 1, "\(turns) turns")
  }

  /// Permits a request each 100 ms.
  private struct RateStandIn {
    var next = 0

    mutating func wait(at now: Timestamp) -> Timestamp? {
      guard now.milliseconds >= next else { return Timestamp(milliseconds: next) }
      next = max(next, now.milliseconds) + 100
      return nil
    }
  }

  // MARK: Circuits

  @Test func circuitOpensAfterHangsInARowAndOneProbes() throws {
    let bulkheads = bulkheads(share: 16)
    for number in 1...16 { #expect(bulkheads.begin(dead, at: start), "\(number)") }
    var changes: [CircuitChange?] = []
    for _ in 1...16 { changes.append(bulkheads.end(dead, .hung("too long"), at: time(30))) }
    #expect(
      changes.map { $0 != nil } == Array(repeating: false, count: 4) + [true]
        + Array(repeating: false, count: 11))
    #expect(!bulkheads.begin(dead, at: time(30)))
    for name in ["a", "b"] { bulkheads.wait(name, for: dead, .new(customer: name), at: time(31)) }
    #expect(bulkheads.nextTurn(at: time(31)) == time(35))
    #expect(bulkheads.next(at: time(34)) == nil)
    #expect(bulkheads.next(at: time(35))?.waiter == "a")
    #expect(bulkheads.next(at: time(35)) == nil, "one probes")
    #expect(bulkheads.end(dead, .hung("too long"), at: time(65)) == nil, "it is open already")
    #expect(bulkheads.nextTurn(at: time(65)) == time(75), "the wait doubles")
    #expect(bulkheads.next(at: time(75))?.waiter == "b")
    let change = bulkheads.end(dead, .answered(isGood: false), at: time(76))
    guard case .closed = change else {
      Issue.record("an answer of any kind closes it")
      return
    }
    #expect(bulkheads.begin(dead, at: time(76)))
  }

  @Test func answerInBetweenKeepsTheCircuitClosed() {
    let bulkheads = bulkheads()
    for _ in 1...20 {
      for end in [UseEnd.hung("x"), .answered(isGood: true)] {
        #expect(bulkheads.begin(dead, at: start))
        #expect(bulkheads.end(dead, end, at: start) == nil)
      }
    }
  }

  @Test func waiterForADeadResourceIsTiredAfterTenMinutes() throws {
    let bulkheads = bulkheads(share: 5)
    for _ in 1...5 { #expect(bulkheads.begin(dead, at: start)) }
    for _ in 1...5 { _ = bulkheads.end(dead, .hung("too long"), at: start) }
    for name in ["a", "b"] { bulkheads.wait(name, for: dead, .new(customer: name), at: start) }
    let probe = bulkheads.next(at: time(5))
    #expect(probe?.waiter == "a" && probe?.tired == nil)
    #expect(bulkheads.next(at: time(599)) == nil)
    let turn = bulkheads.next(at: time(600))
    #expect(turn?.waiter == "b" && turn?.tired == "too long")
  }

  @Test func lastGoodAnswerIsKnown() {
    let bulkheads = bulkheads()
    #expect(!bulkheads.hasSucceeded(good, since: start))
    #expect(bulkheads.begin(good, at: start))
    _ = bulkheads.end(good, .answered(isGood: false), at: time(1))
    #expect(!bulkheads.hasSucceeded(good, since: start))
    #expect(bulkheads.begin(good, at: time(1)))
    _ = bulkheads.end(good, .answered(isGood: true), at: time(2))
    #expect(bulkheads.hasSucceeded(good, since: time(2)))
    #expect(!bulkheads.hasSucceeded(good, since: time(3)))
  }
}

/// Bulkheads whose changes can be expected.
private final class Trial {
  private var bulkheads: Bulkheads<String>

  init(share: Int) { bulkheads = Bulkheads { _ in share } }

  var count: Int { bulkheads.count }

  func begin(_ resource: Resource, at now: Timestamp) -> Bool { bulkheads.begin(resource, at: now) }

  func confirm(_ resource: Resource) { bulkheads.confirm(resource) }

  func end(_ resource: Resource, _ end: UseEnd, at now: Timestamp) -> CircuitChange? {
    bulkheads.end(resource, end, at: now)
  }

  func wait(_ waiter: String, for resource: Resource, _ place: WaitPlace, at now: Timestamp) {
    bulkheads.wait(waiter, for: resource, place, at: now)
  }

  func remove(_ waiter: String) -> String? { bulkheads.remove { $0 == waiter } }

  func next(at now: Timestamp) -> Bulkheads<String>.Turn? { bulkheads.next(at: now) }

  func nextTurn(at now: Timestamp) -> Timestamp? { bulkheads.nextTurn(at: now) }

  func hasSucceeded(_ resource: Resource, since time: Timestamp) -> Bool {
    bulkheads.hasSucceeded(resource, since: time)
  }
}
