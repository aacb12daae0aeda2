public import Dispatcher
import Foundation
import HTTPClient
import HTTPServer
import Operations
public import Records
public import Setup
import StepKit
import Store
public import Values

/// The dispatcher as a server: takes webhooks, and carries their runs.
public final class DispatcherService: Sendable {
  /// What it works with.
  public struct Options: Sendable {
    /// Where it listens.
    public var listen = "127.0.0.1:8787"
    /// How many runs it carries at a time: most of them wait for an app or for the disk, which many
    /// can do at once, and a call of a function waits for its turn, see ``Functions``.
    public var threads = 16
    /// How many runs may wait before no more events are taken.
    public var mostWaiting = 50_000
    /// How many days events and finished runs are kept.
    public var keepDays = 30
    /// When it tries again.
    public var backoff = Backoff()
    /// Where it shows its metrics; if nothing is said, to those on this machine where it listens.
    public var metricsListen: String?
    /// What it says its version is.
    public var version = ""
    /// What time it is.
    public var clock = WallClock.system
    /// What is told of each moment at which it matters whether it dies.
    public var observe: @Sendable (FaultPoint) -> Void = { _ in }
    /// Where it says what a person should know.
    public var report: @Sendable (LogEntry) -> Void = { _ in }

    /// What a user gets who says nothing.
    public init() {}
  }

  /// The port it listens on.
  public var port: Int { server.port }

  /// The address it listens on, with the actual port: `[::1]:8787`.
  public var address: String { server.address }

  /// The port on which it shows its metrics.
  public var metricsPort: Int { metrics.port ?? port }

  /// Why it ended by itself, if it did: the disk failed, and what is on it must be read anew.
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
  private let desk: WebhookHandler
  private let scheduler: Scheduler
  private let book: RunStore
  private let housekeeping: Retention
  private let lock: DispatcherLock
  private let caller: any StepCaller
  private let metrics: MetricsEndpoint
  private let bell: DirectoryWatcher
  private let options: Options

  /// Takes the home for itself, listens, and takes up what was left open.
  ///
  /// - Throws: a `temporary` problem where another dispatcher holds the home, and says which.
  public init(registry: Registry, caller: any StepCaller, options: Options = Options())
    throws(Problem)
  {
    self.options = options
    home = registry.home
    try registry.home.checkSecrets()
    self.caller = caller
    bell = DirectoryWatcher(on: registry.home.storePath)
    lock = try DispatcherLock(home: registry.home)
    do throws(ListenError) {
      server = try Server(listen: options.listen)
    } catch {
      throw Problem(.unavailable, "\(error)")
    }
    let counted = Metrics()
    book = RunStore(home: registry.home)
    housekeeping = Retention(home: registry.home, days: options.keepDays)
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
    let open = try book.open()
    let order = AcceptanceOrder(after: open.last?.acceptedAt ?? Timestamp(milliseconds: 0))
    desk = WebhookHandler(
      registry: registry, clock: options.clock, order: order, instruments: counted,
      report: options.report
    ) {
      scheduler.count >= options.mostWaiting
    }
    metrics = try MetricsEndpoint(
      counted, home: registry.home, options: options, openRuns: { scheduler.count },
      processes: { caller.processCount })
    scheduler.add(open)
  }

  /// Serves on this thread until ``stop()`` or a ``failure``; then lets what is being carried come to a
  /// stop.
  public func run() {
    scheduler.start(threads: options.threads)
    let watch = Thread { [self] in watchForOthers() }
    watch.start()
    metrics.start()
    server.run { [self] requests in answer(requests) }
    metrics.stop()
    scheduler.stop(within: 10)
    caller.endIdle()
    lock.release()
    bell.end()
  }

  /// Ends ``run()``, from any thread.
  public func stop() { server.stop() }

  /// Waits until no run is left to carry.
  public func waitUntilIdle(within seconds: Double) -> Bool {
    scheduler.waitUntilIdle(within: seconds)
  }

  private func answer(_ requests: [Request]) -> [Response] {
    let hooks = requests.filter { $0.path.first == "hooks" }
    let answered = desk.answer(hooks)
    scheduler.add(answered.runs)
    if failure != nil { stop() }
    var ours = answered.responses.makeIterator()
    return requests.map { request in
      if request.path.first == "hooks", let response = ours.next() { return response }
      switch request.path {
      case ["health"]: return .json(200, ["status": "ok"])
      case ["metrics"]: return metrics.publicAnswer(to: request)
      default: return WebhookRefusal.notFound.response
      }
    }
  }

  /// Other processes may put runs into the store: `dispatch`, or a person who retries one; and a person
  /// may do what runs wait for.
  ///
  /// It looks when something was written, this process's own writing included, and then not again for
  /// a second.
  private func watchForOthers() {
    var nextSweep = options.clock.now()
    var settled = -1
    while lock.isHeld {
      do throws(Problem) {
        // The bell rings before what was written can be read, and does not ring again
        try book.home.with { (store) throws(StoreError) in try store.waitForWriter() }
        scheduler.add(try book.open { !scheduler.has($0) })
        // A key was mended, or a flow enabled
        let version = try home.version()
        if version != settled { scheduler.recheckWaiting() }
        settled = version
        if nextSweep <= options.clock.now() {
          _ = try housekeeping.sweep(now: options.clock.now())
          nextSweep = options.clock.now().adding(seconds: 86_400)
        }
      } catch {
        options.report(LogEntry(.error, "\(error)"))
      }
      if failure != nil { stop() }
      bell.rest(seconds: 1)
      bell.wait(seconds: 86_400)
    }
  }
}
