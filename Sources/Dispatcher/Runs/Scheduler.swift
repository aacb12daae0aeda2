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

  /// Workers wait for it, each to be woken for one run; who waits for all runs waits for `rest`.
  private let condition = NSCondition()
  private let rest = NSCondition()
  private var lanes: [String: [Item]] = [:]
  private var known: Set<String> = []
  private var agenda = Agenda()
  private var isStopping = false
  private var workers = 0
  /// The time at which a worker that sleeps will look again; the others sleep until they are woken.
  private var watched: Timestamp?

  private let book: RunBook
  private let clock: Clock
  private let metrics: Metrics
  private let makeCarrier: @Sendable (_ isStopping: @escaping @Sendable () -> Bool) -> Carrier
  private let report: @Sendable (String) -> Void

  init(
    book: RunBook, clock: Clock, metrics: Metrics, report: @escaping @Sendable (String) -> Void,
    makeCarrier: @escaping @Sendable (_ isStopping: @escaping @Sendable () -> Bool) -> Carrier
  ) {
    self.book = book
    self.clock = clock
    self.metrics = metrics
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
        condition.unlock()
        announce()
      }
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  /// Takes up nothing more and waits until what is being carried has come to a stop, at most so many
  /// seconds; what has not is in the store and goes on at the next start.
  func stop(within seconds: Double) {
    condition.lock()
    isStopping = true
    condition.broadcast()
    condition.unlock()
    _ = wait(within: seconds) { [self] in workers == 0 }
  }

  /// Waits until nothing is due or being carried, for tests and for a demonstration.
  func waitUntilIdle(within seconds: Double) -> Bool {
    wait(within: seconds) { [self] in known.isEmpty }
  }

  /// Waits until it is so; false if it is not so in time.
  private func wait(within seconds: Double, until isSo: () -> Bool) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    rest.lock()
    defer { rest.unlock() }
    while !locked(isSo) {
      guard rest.wait(until: end) else { return locked(isSo) }
    }
    return true
  }

  private func locked<Value>(_ body: () -> Value) -> Value {
    condition.lock()
    defer { condition.unlock() }
    return body()
  }

  /// Tells who waits for all runs that something has ended.
  private func announce() {
    rest.lock()
    rest.broadcast()
    rest.unlock()
  }
}

// MARK: - Workers

extension Scheduler {
  private func work() {
    let carrier = makeCarrier { [self] in stopsNow() }
    while let (lane, run) = next() { done(lane, carry(run, carrier)) }
  }

  private func stopsNow() -> Bool { locked { isStopping } }

  /// The next run that is due, with its lane, which is nobody else's until it is `done`; nil when it
  /// is time to stop.
  private func next() -> (lane: String, run: String)? {
    condition.lock()
    defer { condition.unlock() }
    while !isStopping {
      guard let first = agenda.first, first.due <= clock.now() else {
        sleep()
        continue
      }
      agenda.removeFirst()
      guard let item = lanes[first.lane]?.first else { continue }
      // Another looks after what comes next.
      if agenda.first != nil { condition.signal() }
      return (first.lane, item.run)
    }
    return nil
  }

  /// Sleeps until it is woken or, where no other worker does so, until the next run is due.
  private func sleep() {
    guard let due = agenda.first?.due, watched.map({ due < $0 }) ?? true else {
      return condition.wait()
    }
    watched = due
    _ = condition.wait(until: date(of: due))
    watched = nil
  }

  /// When to look; an hour is as good as never, and far dates overflow in the wait.
  private func date(of due: Timestamp) -> Date {
    let wait = due.milliseconds - clock.now().milliseconds
    return Date().addingTimeInterval(Double(min(max(wait, 1), 3_600_000)) / 1000 / clock.speed)
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
      metrics.note(run, at: clock.now().milliseconds)
      guard run.status == .pending else { return .ended }
      return run.lane == before.lane ? .waits(run.due) : .aside(lane: run.lane, run.due)
    } catch {
      report("run \(id) waits a minute: \(error)")
      return .waits(clock.now().adding(seconds: 60))
    }
  }

  private func done(_ lane: String, _ standing: Standing) {
    condition.lock()
    defer {
      let isIdle = known.isEmpty
      condition.unlock()
      if isIdle { announce() }
    }
    guard var items = lanes[lane], !items.isEmpty else { return }
    switch standing {
    case .ended: known.remove(items.removeFirst().run)
    case .waits(let due): items[0].due = due
    case .aside(let other, let due): append(Item(run: items.removeFirst().run, due: due), to: other)
    }
    lanes[lane] = items.isEmpty ? nil : items
    // The worker that is done looks after it itself.
    if let first = items.first { agenda.insert(.init(due: first.due, lane: lane)) }
  }

  private func append(_ item: Item, to lane: String) {
    lanes[lane, default: []].append(item)
    if lanes[lane]?.count == 1 { insert(due: item.due, lane) }
  }

  private func insert(due: Timestamp, _ lane: String) {
    agenda.insert(.init(due: due, lane: lane))
    condition.signal()
  }
}
