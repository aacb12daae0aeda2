import Foundation
public import Records
public import Setup
import StepKit
import Values

/// Carries runs on a few threads, those of one lane one after another.
///
/// All access to what changes is between `lock` and `unlock` of the condition, which the compiler
/// cannot see: hence unchecked.
public final class Scheduler: @unchecked Sendable {
  struct Item {
    let run: String
    var due: Timestamp
    var hand = Hand.nothing
    /// How often what rests was hastened before it was taken up.
    var hastened = 0
  }

  /// What is known of a run, so that it need not be read.
  enum Hand {
    /// It is to be read from the store.
    case nothing
    /// It is as intake made it, and nobody has taken it up.
    case new(Run)
    /// It is as intake made it, and to be carried by a worker of its own.
    case alone(Run)
    /// And its first step said this.
    case opened(Run, RunExecutor.Opened)
  }

  /// Workers wait for it, each to be woken for one run; who waits for all runs waits for `rest`.
  private let condition = NSCondition()
  private let rest = NSCondition()
  private var lanes: [String: [Item]] = [:]
  private var known: Set<String> = []
  /// The runs among the known that may not be in the store yet.
  private var expected: [String: Run] = [:]
  private var agenda = DueQueue()
  /// The lanes whose first run waits for a person to do something.
  private var resting: Set<String> = []
  /// How often they were hastened.
  private var hastenings = 0
  /// The lanes whose first run is new.
  private var fresh = Queue<String>()
  /// Whether a worker makes the first calls of new runs.
  private var isOpening = false
  private var isStopping = false
  private var workers = 0
  /// How many runs are being carried, or were and it is being written down.
  private var underway = 0
  /// How many bytes of bodies it has in hand.
  private var held = 0
  /// The time at which a worker that sleeps will look again; the others sleep until they are woken.
  private var watched: Timestamp?

  /// How many bytes of bodies it may have in hand: runs beyond are read from the store.
  private static let mostHeld = 16 << 20

  private let book: RunStore
  private let clock: WallClock
  let instruments: any Instruments
  private let makeCarrier: @Sendable (_ isStopping: @escaping @Sendable () -> Bool) -> RunExecutor
  private let report: @Sendable (LogEntry) -> Void

  /// Makes one of its parts.
  public init(
    book: RunStore, clock: WallClock, instruments: any Instruments,
    report: @escaping @Sendable (LogEntry) -> Void,
    makeCarrier: @escaping @Sendable (_ isStopping: @escaping @Sendable () -> Bool) -> RunExecutor
  ) {
    self.book = book
    self.clock = clock
    self.instruments = instruments
    self.report = report
    self.makeCarrier = makeCarrier
  }

  /// Takes runs that are not at their end; one that it has already it does not take again.
  public func add(_ runs: [Run]) {
    condition.lock()
    defer { condition.unlock() }
    for run in runs where known.insert(run.id).inserted {
      append(Item(run: run.id, due: run.due), to: run.lane)
    }
  }

  /// Knows runs before they are in the store, so that nobody else takes them from there.
  public func expect(_ runs: [Run]) {
    condition.lock()
    defer { condition.unlock() }
    for run in runs where known.insert(run.id).inserted { expected[run.id] = run }
  }

  /// Takes those of the expected runs that are in the store now; gives those that are not.
  public func takeExpected(_ runs: [Run]) -> [Run] {
    condition.lock()
    defer {
      let isIdle = known.isEmpty
      condition.unlock()
      if isIdle { announce() }
    }
    for run in runs where expected.removeValue(forKey: run.id) != nil {
      append(Item(run: run.id, due: run.due, hand: hold(run)), to: run.lane)
    }
    defer { expected = [:] }
    known.subtract(expected.keys)
    return Array(expected.values)
  }

  /// The run, if there is room to have it in hand.
  private func hold(_ run: Run) -> Hand {
    guard let size = run.body?.count, held + size <= Self.mostHeld else { return .nothing }
    held += size
    return .new(run)
  }

  /// Whether it has the run and has not ended it.
  public func has(_ run: String) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    return known.contains(run)
  }

  /// Looks at once whether what waits for a person may go on.
  public func hasten() {
    condition.lock()
    defer { condition.unlock() }
    // What is being carried may have looked before
    hastenings += 1
    guard !resting.isEmpty else { return }
    agenda.hasten(resting, to: clock.now())
    resting = []
    condition.signal()
  }

  /// How many runs wait or are being carried.
  public var count: Int {
    condition.lock()
    defer { condition.unlock() }
    return known.count
  }

  /// Starts to carry, on so many threads.
  public func start(threads: Int) {
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
  public func stop(within seconds: Double) {
    condition.lock()
    isStopping = true
    condition.broadcast()
    condition.unlock()
    _ = wait(within: seconds) { [self] in workers == 0 && underway == 0 }
  }

  /// Waits until nothing is due or being carried, for tests and for a demonstration.
  public func waitUntilIdle(within seconds: Double) -> Bool {
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
    while let task = next() {
      switch task {
      case .carry(let lane, let item): carry(item, in: lane, carrier)
      case .open: open(carrier)
      }
    }
  }

  private func stopsNow() -> Bool { locked { isStopping } }

  /// What a worker is to do.
  private enum Task {
    /// Carry a run, whose lane is nobody else's until it is `done`.
    case carry(lane: String, Item)
    /// Make the first calls of new runs, which nobody else does until it ends that.
    case open
  }

  /// What is due next; nil when it is time to stop.
  private func next() -> Task? {
    condition.lock()
    defer { condition.unlock() }
    while !isStopping {
      if let first = agenda.first, first.due <= clock.now() {
        agenda.removeFirst()
        guard var item = lanes[first.lane]?.first else { continue }
        item.hastened = hastenings
        lanes[first.lane]?[0].hand = .nothing
        underway += 1
        // Another looks after what comes next.
        if agenda.first != nil { condition.signal() }
        return .carry(lane: first.lane, item)
      }
      if !isOpening, !fresh.isEmpty {
        isOpening = true
        // Whoever is woken for this may be the one that watched what is due.
        if agenda.first != nil, watched == nil { condition.signal() }
        return .open
      }
      sleep()
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

  /// Carries a run, and goes on to others while its end is written down.
  func carry(_ item: Item, in lane: String, _ carrier: RunExecutor) {
    do throws(Problem) {
      let (run, rest) =
        switch item.hand {
        case .nothing: try carrier.carryOn(try book.run(item.run))
        case .new(let run), .alone(let run): try carrier.carryOn(run)
        case .opened(let run, let opened): try carrier.carryOn(run, opened)
        }
      guard !rest.isEmpty else { return written(run, item, in: lane) }
      try book.home.commit(rest) { [self] problem in
        guard let problem else { return written(run, item, in: lane) }
        done(lane, trouble(item.run, problem))
      }
    } catch {
      done(lane, trouble(item.run, error))
    }
  }

  private func written(_ run: Run, _ item: Item, in lane: String) {
    let now = clock.now()
    instruments.runCarried(run, at: now)
    if let news = run.news(at: now) { report(news) }
    done(
      lane, standing(of: run, in: lane), restingSince: run.waitsForSomebody ? item.hastened : nil)
  }

  private func standing(of run: Run, in lane: String) -> Standing {
    guard run.status == .pending else { return .ended }
    return run.lane == lane ? .waits(run.due) : .aside(lane: run.lane, run.due)
  }

  private func trouble(_ run: String, _ problem: Problem) -> Standing {
    report(
      LogEntry(.warning, "run \(run) waits a minute: \(problem)", run: run, reason: "\(problem)"))
    return .waits(clock.now().adding(seconds: 60))
  }

  /// Lets go of a lane; `restingSince` says how often what rests was hastened when a run that waits for a
  /// person was taken up.
  private func done(_ lane: String, _ standing: Standing, restingSince: Int? = nil) {
    condition.lock()
    underway -= 1
    defer {
      let isIdle = known.isEmpty || (isStopping && underway == 0)
      condition.unlock()
      if isIdle { announce() }
    }
    guard var items = lanes[lane], !items.isEmpty else { return }
    switch standing {
    case .ended:
      resting.remove(lane)
      known.remove(items.removeFirst().run)
    case .waits(let due): items[0].due = rest(in: lane, until: due, since: restingSince)
    case .aside(let other, let due):
      let due = rest(in: other, until: due, since: restingSince)
      append(Item(run: items.removeFirst().run, due: due), to: other)
    }
    lanes[lane] = items.isEmpty ? nil : items
    if let first = items.first { insert(first, lane) }
  }

  /// When a run is due that waits for a person, or not; at once, where it was hastened meanwhile.
  private func rest(in lane: String, until due: Timestamp, since hastened: Int?) -> Timestamp {
    guard let hastened else {
      resting.remove(lane)
      return due
    }
    guard hastened == hastenings else { return clock.now() }
    resting.insert(lane)
    return due
  }

  private func append(_ item: Item, to lane: String) {
    lanes[lane, default: []].append(item)
    if lanes[lane]?.count == 1 { insert(item, lane) }
  }

  private func insert(_ item: Item, _ lane: String) {
    if case .new = item.hand {
      fresh.append(lane)
      if isOpening { return }
    } else {
      agenda.insert(.init(due: item.due, lane: lane))
    }
    condition.signal()
  }
}

// MARK: - New runs

extension Scheduler {
  /// The next new run, whose lane is nobody else's until it is `done` or passed on.
  func takeFresh() -> (lane: String, item: Item, run: Run)? {
    condition.lock()
    defer { condition.unlock() }
    while !isStopping, let lane = fresh.popFirst() {
      guard var item = lanes[lane]?.first, case .new(let run) = item.hand else { continue }
      item.hastened = hastenings
      lanes[lane]?[0].hand = .nothing
      held -= run.body?.count ?? 0
      underway += 1
      return (lane, item, run)
    }
    return nil
  }

  /// Leaves a run to another worker.
  func pass(_ item: Item, _ hand: Hand, in lane: String) {
    condition.lock()
    defer { condition.unlock() }
    underway -= 1
    lanes[lane]?[0].hand = hand
    agenda.insert(.init(due: item.due, lane: lane))
    condition.signal()
  }

  /// Ends the making of first calls if there are no more to make; whether it did.
  func endsOpening() -> Bool {
    condition.lock()
    defer { condition.unlock() }
    guard fresh.isEmpty || isStopping else { return false }
    isOpening = false
    return true
  }

  /// Leaves the making of first calls to another worker.
  func stopOpening() {
    condition.lock()
    defer { condition.unlock() }
    isOpening = false
    if !fresh.isEmpty { condition.signal() }
  }
}
