import Foundation
import Step

/// Carries runs on a few threads, those of one lane one after another.
///
/// All access to what changes is between `lock` and `unlock` of the condition, which the compiler
/// cannot see: hence unchecked.
final class Scheduler: @unchecked Sendable {
  private struct Item {
    let run: String
    var due: Timestamp
  }

  private let condition = NSCondition()
  private var lanes: [String: [Item]] = [:]
  private var known: Set<String> = []
  private var agenda = Agenda()
  private var isStopping = false
  private var workers = 0

  private let book: RunBook
  private let clock: Clock
  private let makeCarrier: @Sendable (_ isStopping: @escaping @Sendable () -> Bool) -> Carrier
  private let report: @Sendable (String) -> Void

  init(
    book: RunBook, clock: Clock, report: @escaping @Sendable (String) -> Void,
    makeCarrier: @escaping @Sendable (_ isStopping: @escaping @Sendable () -> Bool) -> Carrier
  ) {
    self.book = book
    self.clock = clock
    self.report = report
    self.makeCarrier = makeCarrier
  }

  /// Takes runs that are not at their end; one that it has already it does not take again.
  func add(_ runs: [Run]) {
    condition.lock()
    defer { condition.unlock() }
    for run in runs where known.insert(run.id).inserted {
      append(Item(run: run.id, due: run.due), to: run.lane)
    }
    condition.broadcast()
  }

  /// Whether it has the run and has not ended it.
  func has(_ run: String) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    return known.contains(run)
  }

  /// How many runs wait or are being carried.
  var count: Int {
    condition.lock()
    defer { condition.unlock() }
    return known.count
  }

  /// Starts to carry, on so many threads.
  func start(threads: Int) {
    condition.lock()
    workers += threads
    condition.unlock()
    for _ in 0..<threads {
      let thread = Thread { [self] in
        work()
        condition.lock()
        workers -= 1
        condition.broadcast()
        condition.unlock()
      }
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  /// Takes up nothing more and waits until what is being carried has come to a stop, at most so many
  /// seconds; what has not is in the store and goes on at the next start.
  func stop(within seconds: Double) {
    let end = Date().addingTimeInterval(seconds)
    condition.lock()
    defer { condition.unlock() }
    isStopping = true
    condition.broadcast()
    while workers > 0, condition.wait(until: end) {}
  }

  /// Waits until nothing is due or being carried, for tests and for a demonstration.
  func waitUntilIdle(within seconds: Double) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    condition.lock()
    defer { condition.unlock() }
    while !known.isEmpty {
      guard condition.wait(until: end) else { return known.isEmpty }
    }
    return true
  }
}

// MARK: - Workers

extension Scheduler {
  private func work() {
    let carrier = makeCarrier { [self] in stopsNow() }
    while let (lane, run) = next() { done(lane, carry(run, carrier)) }
  }

  private func stopsNow() -> Bool {
    condition.lock()
    defer { condition.unlock() }
    return isStopping
  }

  /// The next run that is due, with its lane, which is nobody else's until it is `done`; nil when it
  /// is time to stop.
  private func next() -> (lane: String, run: String)? {
    condition.lock()
    defer { condition.unlock() }
    while !isStopping {
      if let first = agenda.first, first.due <= clock.now() {
        agenda.removeFirst()
        if let item = lanes[first.lane]?.first { return (first.lane, item.run) }
        continue
      }
      _ = condition.wait(until: nextWake())
    }
    return nil
  }

  /// When to look again; an hour is as good as never, and far dates overflow in the wait below.
  private func nextWake() -> Date {
    let due = agenda.first.map { $0.due.milliseconds - clock.now().milliseconds } ?? .max
    return Date().addingTimeInterval(Double(min(max(due, 1), 3_600_000)) / 1000 / clock.speed)
  }

  /// Where a run stands after it was carried.
  private enum Standing {
    case ended
    case waits(Timestamp)
    /// It waits in another lane, and others need not wait for it.
    case aside(lane: String, Timestamp)
  }

  private func carry(_ id: String, _ carrier: Carrier) -> Standing {
    do throws(Problem) {
      let before = try book.run(id)
      let run = try carrier.carry(before)
      guard run.status == .pending else { return .ended }
      return run.lane == before.lane ? .waits(run.due) : .aside(lane: run.lane, run.due)
    } catch {
      report("run \(id) waits a minute: \(error)")
      return .waits(clock.now().adding(seconds: 60))
    }
  }

  private func done(_ lane: String, _ standing: Standing) {
    condition.lock()
    defer { condition.unlock() }
    guard var items = lanes[lane], !items.isEmpty else { return }
    switch standing {
    case .ended: known.remove(items.removeFirst().run)
    case .waits(let due): items[0].due = due
    case .aside(let other, let due): append(Item(run: items.removeFirst().run, due: due), to: other)
    }
    lanes[lane] = items.isEmpty ? nil : items
    if let first = items.first { agenda.insert(.init(due: first.due, lane: lane)) }
    condition.broadcast()
  }

  private func append(_ item: Item, to lane: String) {
    lanes[lane, default: []].append(item)
    if lanes[lane]?.count == 1 { agenda.insert(.init(due: item.due, lane: lane)) }
  }
}
