public import Dispatcher
import Foundation
import HTTPClient
import HTTPServer
public import Lanes
public import Operations
public import Records
public import Requests
public import Setup
import StepKit
public import Store
public import Values

/// The server: receives webhooks and executes their runs.
public final class DispatcherService: Sendable {
  /// The options of a server.
  public struct Options: Sendable {
    /// The address to listen on.
    public var listen = "127.0.0.1:8787"
    /// The number of runs executed at a time: most of them wait for an app or the disk.
    public var threads = 16
    /// The number of waiting runs above which webhooks are refused.
    public var mostWaiting = 50_000
    /// The header in which a proxy states the address of a client, such as `X-Forwarded-For`; nil for none.
    public var clientAddressHeader: String?
    /// The number of days for which events and ended runs are kept.
    public var keepDays = 30
    /// The times of retries.
    public var backoff = Backoff()
    /// The address of the metrics, which everyone may read who reaches it; nil for none of their own.
    public var metricsListen: String?
    /// The bearer token with which the metrics are read at the usual address; nil if they are not.
    public var metricsToken: Secret?
    /// The version in the metrics.
    public var version = ""
    /// The kernel's count of processes that it killed for want of memory.
    public var memoryKills = MemoryKills.now()
    /// The clock.
    public var clock = WallClock.system
    /// Observes the points at which a test crashes the process.
    public var observe: @Sendable (FaultPoint) -> Void = { _ in }
    /// Receives the log.
    public var report: @Sendable (LogEntry) -> Void = { _ in }

    /// Creates the default options.
    public init() {}
  }

  /// The port it listens on.
  public var port: Int { server.port }

  /// The address it listens on with the actual port, such as `[::1]:8787`.
  public var address: String { server.address }

  /// The port of the metrics.
  public var metricsPort: Int { metrics.port ?? port }

  /// The failure of the disk that ended it, or nil.
  public var failure: Problem? {
    home.store.closedBecause.map { reason in
      Problem(
        .io,
        "the store \(home.path) is closed, since \(reason); see to the disk and start again,"
          + " nothing that was answered 200 is lost")
    }
  }

  private let server: Server
  private let home: Home
  private let webhooks: WebhookHandler
  private let scheduler: Scheduler
  private let book: RunStore
  private let retention: Retention
  private let lock: DispatcherLock
  private let caller: any StepCaller
  private let metrics: MetricsEndpoint
  /// What it counts.
  public let counts = Metrics()
  private let watcher: DirectoryWatcher
  private let pressure: PressureGauge
  private let failures: FailureThrottle
  private let attention: AttentionReporter
  private let schedules: ScheduleRunner
  private let options: Options
  private let crashes: CrashNotes

  /// Locks the home, listens, and schedules the open runs.
  ///
  /// - Throws: A `temporary` problem if another process holds the lock; `unavailable` if it cannot listen;
  ///   `configuration` if the home is in a table.
  public init(registry: Registry, caller: any StepCaller, options: Options = Options())
    throws(Problem)
  {
    self.options = options
    home = registry.home
    try home.requireFiles(for: "serve")
    try registry.home.checkSecrets()
    self.caller = caller
    failures = FailureThrottle(header: options.clientAddressHeader)
    pressure = PressureGauge(failures)
    watcher = DirectoryWatcher(on: registry.home.storePath)
    lock = try DispatcherLock(home: registry.home)
    do throws(ListenError) {
      server = try Server(listen: options.listen)
    } catch {
      throw Problem(.unavailable, "\(error)")
    }
    let counted = counts
    book = RunStore(home: registry.home)
    retention = Retention(home: registry.home, days: options.keepDays)
    let (server, store) = (server, registry.home.store)
    let executor = RunExecutor(
      registry: registry, caller: caller, transport: CurlClient(), backoff: options.backoff,
      clock: options.clock, instruments: counted, observe: options.observe)
    let scheduler = Scheduler(
      executor: executor, store: book, clock: options.clock, instruments: counted
    ) { entry in
      options.report(entry)
      if store.closedBecause != nil { server.stop() }
    }
    self.scheduler = scheduler
    try Circuits(home: registry.home).forget()
    crashes = CrashNotes(home: registry.home, kills: options.memoryKills)
    let open = try Self.openRuns(of: book, crashes, options)
    let order = AcceptanceOrder(after: open.last?.acceptedAt ?? Timestamp(milliseconds: 0))
    attention = AttentionReporter(
      registry: registry,
      intake: Intake(registry: registry, clock: options.clock, order: order),
      clock: options.clock, report: options.report)
    let hasRoom: @Sendable (String) -> Bool = {
      scheduler.hasRoom(in: $0, of: options.mostWaiting)
    }
    schedules = ScheduleRunner(
      registry: registry, caller: caller,
      intake: Intake(
        registry: registry, clock: options.clock, order: order, hasRoom: hasRoom),
      clock: options.clock, report: options.report)
    webhooks = WebhookHandler(
      registry: registry, clock: options.clock, order: order, instruments: counted,
      report: options.report,
      isFull: { scheduler.count >= options.mostWaiting },
      hasRoom: hasRoom)
    metrics = try MetricsEndpoint(
      counted, registry: registry, options: options, pressure: pressure,
      openRuns: { scheduler.count },
      processes: { caller.processCount })
    scheduler.add(open)
  }

  /// The open runs, without those whose carrying ended the process again and again: those are parked.
  private static func openRuns(
    of book: RunStore, _ notes: CrashNotes, _ options: Options
  ) throws(Problem) -> [Run] {
    try notes.noteKilled()
    let culprits = try notes.culprits()
    var open = try book.open()
    for run in open {
      guard let reason = culprits[run.id] else { continue }
      let parked = try book.park(run.id, reason, now: options.clock.now())
      if let news = parked.news(at: options.clock.now()) { options.report(news) }
    }
    open.removeAll { culprits[$0.id] != nil }
    let ids = Set(open.map(\.id))
    try notes.keep { ids.contains($0) }
    try notes.begin()
    return open
  }

  /// Serves on this thread until ``stop()`` or a ``failure``, and then waits for the runs under way.
  public func run() {
    scheduler.start(threads: options.threads)
    let watch = Thread { [self] in watchForOthers() }
    watch.start()
    let look = Thread { [self] in attention.run { lock.isHeld } }
    look.start()
    let timed = Thread { [self] in schedules.run() }
    timed.start()
    metrics.start()
    server.run(report: { [self] in note($0, $1) }, { [self] requests in answer(requests) })
    metrics.stop()
    scheduler.stop(within: 2)
    // What hangs is killed, and requests without an answer are left: their runs go on at the next start.
    caller.endAll()
    scheduler.stop(within: 1)
    caller.endIdle()
    crashes.end()
    lock.release()
    watcher.end()
    attention.stop()
    schedules.stop()
  }

  /// Ends ``run()`` within ten seconds, from any thread.
  public func stop() {
    scheduler.beginStop()
    server.stop()
  }

  /// Waits until no run is left, and returns whether that was in time.
  public func waitUntilIdle(within seconds: Double) -> Bool {
    scheduler.waitUntilIdle(within: seconds)
  }

  private func note(_ pressure: ServerPressure, _ text: String) {
    self.pressure.set(pressure)
    options.report(LogEntry(.warning, text, reason: text))
  }

  private func answer(_ requests: [Request]) -> [Response] {
    let hooks = requests.filter { $0.path.first == "hooks" }
    let answered = webhooks.answer(hooks)
    scheduler.add(answered.runs)
    if failure != nil { stop() }
    var ours = answered.responses.makeIterator()
    return requests.map { request in
      if request.path.first == "hooks", var response = ours.next() {
        if response.status == 401 { response.delay = failures.delay(afterFailureOf: request) }
        return response
      }
      switch request.path {
      case ["health"]: return .json(200, ["status": "ok"])
      case ["metrics"]: return metrics.publicAnswer(to: request)
      default: return WebhookRefusal.notFound.response
      }
    }
  }

  /// Makes the runs due of which a person asks something.
  ///
  /// A run that is to end does so when it is executed, and the request goes with it.
  private func obey(_ requests: [RunRequest]) throws(Problem) {
    for request in requests {
      let run = try? book.run(request.run)
      if let run, run.status == .pending {
        scheduler.expedite(run)
        if request.action == .cancel { scheduler.recall(run.id) }
      }
      if request.action == .retry || run?.status != .pending {
        _ = try home.commit([RunRequest.remove(request.run)])
      }
    }
  }

  /// Schedules runs that other processes create or reopen, and rechecks waiting runs when a person has
  /// changed a connection or a flow connection.
  ///
  /// It looks after each write to the store, also of this process, at most once a second.
  private func watchForOthers() {
    var nextSweep = options.clock.uptime()
    var lastSweep = nextSweep
    var settled = -1
    while lock.isHeld {
      do throws(Problem) {
        // The notification comes before the written records can be read, and only once
        try book.home.with { (store) throws(StoreError) in try store.waitForWriter() }
        scheduler.add(try book.open { !scheduler.has($0) })
        // A key was changed, or a flow connection enabled
        let version = try home.version()
        if version != settled { scheduler.recheckWaiting() }
        settled = version
        try obey(RunRequest.all(in: home))
        let uptime = options.clock.uptime()
        if nextSweep <= uptime {
          let swept = try retention.sweep(now: options.clock.now(), ran: uptime - lastSweep)
          if case .waits(let reason) = swept { options.report(LogEntry(.warning, reason)) }
          (lastSweep, nextSweep) = (uptime, uptime + 86_400)
        }
      } catch {
        options.report(LogEntry(.error, "\(error)"))
      }
      if failure != nil { stop() }
      watcher.rest(seconds: 1)
      watcher.wait(seconds: 86_400)
    }
  }
}
