public import Dispatcher
public import HTTPClient
import Records
import Requests
public import Setup
import StepKit
public import Values

/// Reads what webhooks did not bring, by the polling steps of the apps.
///
/// Each event is taken as if a webhook had brought it, so one that is known already starts nothing. The cursor
/// is stored after the events of a page are on disk: a crash in between reads the page again.
public struct CatchUp: Sendable {
  private let registry: Registry
  private let reader: PageReader
  private let intake: Intake
  let clock: WallClock

  /// Catch-up of a home; `pause` waits a number of seconds for a rate limit, and `intake` takes the events.
  public init(
    _ registry: Registry, caller: any StepCaller, intake: Intake, clock: WallClock = .system,
    transport: any HTTPTransport = CurlClient(),
    pause: @escaping @Sendable (_ seconds: Double) -> Void
  ) {
    self.registry = registry
    self.intake = intake
    self.clock = clock
    reader = PageReader(
      registry: registry, router: StepRouter(caller, registry: registry),
      client: APIClient(home: registry.home, transport: transport, clock: clock), clock: clock,
      pause: pause)
  }

  /// Reads everything that is new to a plan, page by page; `show` gets the result so far after each.
  ///
  /// The first time it reads nothing and only begins, unless `since` says from when. With `since` it reads
  /// again from then on.
  ///
  /// - Throws: The problem that ended it; the cursor keeps it as its failure.
  public func read(
    _ plan: PollPlan, since: Timestamp? = nil, show: (CatchUpResult) -> Void = { _ in }
  ) throws(Problem) -> CatchUpResult {
    var result = CatchUpResult(plan)
    let known = try registry.home.document(at: plan.key).flatMap(PollCursor.init)
    guard var cursor = since.map(PollCursor.init) ?? known else {
      result.begins = true
      try store(PollCursor(since: clock.now()), of: plan)
      return result
    }
    do throws(Problem) {
      while try readPage(plan, &cursor, &result) { show(result) }
      return result
    } catch {
      try store(cursor.failed(error.description, at: clock.now()), of: plan)
      throw error
    }
  }

  /// Reads a page; false if it was the last.
  private func readPage(
    _ plan: PollPlan, _ cursor: inout PollCursor, _ result: inout CatchUpResult
  ) throws(Problem) -> Bool {
    let now = clock.now()
    let poll = Poll(types: plan.types, cursor: cursor.cursor, since: cursor.since)
    let page = try page(poll, of: plan, at: now)
    try take(page, plan, &result)
    cursor = cursor.advanced(to: page.cursor, through: page.hasMore ? nil : now)
    try store(cursor, of: plan)
    return page.hasMore
  }

  func page(_ poll: Poll, of plan: PollPlan, at now: Timestamp) throws(Problem) -> EventPage {
    let output = try reader.page(of: plan.step, plan.connection, input: poll.json, at: now)
    let page: EventPage
    do throws(Failure) { page = try EventPage(json: output) } catch {
      throw Problem(.software, "the function \(plan.step) gives no page: \(error.reason)")
    }
    guard !page.hasMore || page.cursor != poll.cursor else {
      throw Problem(.software, "the function \(plan.step) gives the same page again and again")
    }
    return page
  }

  func take(
    _ page: EventPage, _ plan: PollPlan, _ result: inout CatchUpResult
  ) throws(Problem) {
    for (receipt, event) in zip(intake.take(page, from: plan.connection), page.events) {
      result.read += 1
      switch receipt {
      case .taken(let runs):
        result.new += 1
        result.runs += runs.count
      case .duplicate: break
      case .refused(let problem) where problem.kind == .data: try keep(event, plan, problem)
      case .refused(let problem): throw problem
      }
    }
  }

  /// Keeps an event for a person that cannot be read.
  private func keep(
    _ event: EventPage.Item, _ plan: PollPlan, _ problem: Problem
  ) throws(Problem) {
    let isKept = try UnreadableEvents(home: registry.home).keep(
      event.body.bytes, of: plan.connection, reason: problem.description, at: clock.now())
    guard isKept else {
      throw Problem(
        .temporary,
        "an event cannot be read (\(problem)), and \(UnreadableEvents.most) such events are kept: see"
          + " `meterbridge event list --unreadable`")
    }
  }

  private func store(_ cursor: PollCursor, of plan: PollPlan) throws(Problem) {
    _ = try registry.home.commit([.put(plan.key, cursor.json)])
  }
}
