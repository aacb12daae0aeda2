import Dispatcher
import HTTPClient
import HTTPServer
import HTTPTypes
import Records
import Sandbox
import Setup
import StepKit
import Store
import Values

/// A world that a scenario makes: two systems, people who use them, and a dispatcher that may die.
///
/// All happens on one thread, which the compiler cannot see: hence unchecked.
final class World: @unchecked Sendable {
  /// A webhook on its way to the dispatcher.
  private struct Webhook {
    let number: Int
    let due: Int
    let delivery: Delivery
    /// Whether the system is told what became of it.
    let isFirst: Bool
  }

  /// An action that is to be done.
  private struct Task {
    var due: Int
    let event: Scenario.Event
    var tries = 0
  }

  let scenario: Scenario
  let time = VirtualTime()
  var chance: Chance
  let sandbox: InProcessSandbox
  let store: InMemoryStore
  let secrets: Secrets
  private(set) var trace: Trace
  private(set) var counts = Counts()
  /// The webhooks that a system gave up.
  private(set) var lost: [String] = []

  private let shared: SharedSetup
  private let people: People
  private var life: Life?
  private var startDue = 0
  private var downtime = 0
  private var tasks: [Task]
  private var webhooks: [Webhook] = []
  private var webhookCount = 0
  private var late: [(due: Int, request: ClientRequest)] = []
  private var changes = 0
  private var reads = 0
  /// Whether webhooks are being taken, which one thread does.
  private var isTaking = false
  /// How many things that happen meanwhile contain this moment.
  private var depth = 0
  private var carried: [String] = []
  private var labels: [String: String] = [:]

  /// A world in its first moment.
  init(_ scenario: Scenario, _ shared: SharedSetup, keepsTrace: Bool) throws {
    self.scenario = scenario
    self.shared = shared
    chance = Chance(seed: scenario.order, stream: 2)
    trace = Trace(isKept: keepsTrace)
    sandbox = try shared.sandbox(seed: scenario.seed, time: time)
    store = try shared.store(with: scenario.flows)
    secrets = try shared.secrets(for: sandbox)
    people = People(sandbox: sandbox)
    tasks = scenario.events.map { Task(due: $0.at, event: $0) }
  }

  /// Milliseconds since the beginning.
  private var now: Int { time.passed }

  private static let mostMoves = 20_000

  /// Lets the world go on until nothing is left to be done.
  ///
  /// - Returns: what is wrong then.
  func run() throws -> [Wrong] {
    var moves = 0
    while moves < Self.mostMoves {
      moves += 1
      try live()
      if move() { continue }
      guard let next = nextDue() else { break }
      time.pass(until: next)
    }
    counts.worlds = 1
    for run in try runs() { counts.runs[run.status.rawValue, default: 0] += 1 }
    counts.events += webhookCount
    counts.deeds += sandbox.requests.count { request in
      request["method"] != "GET" && (200..<300).contains(request["status"].int ?? 0)
    }
    var wrongs = try Oracle(self).wrongs()
    if moves >= Self.mostMoves { wrongs.append(Wrong("rest", "it does not come to rest")) }
    return wrongs
  }
}

extension World {
  /// All runs, as the store has them.
  func runs() throws -> [Run] {
    try RunStore(home: Home(at: shared.path, store: store, secrets: secrets)).runs()
  }
}

// MARK: - Lives

extension World {
  /// Buries a dispatcher that was killed, and starts the next one when it is time.
  private func live() throws {
    if let life, life.isDead {
      self.life = nil
      startDue = now + downtime
    }
    guard life == nil, now >= startDue else { return }
    downtime = 0
    let life = Life(in: self)
    try life.start(shared, store)
    self.life = life
    note("a dispatcher starts")
  }

  private func turnOff(seconds: Int) {
    life?.die("by the outage")
    downtime = seconds * 1000
    if life == nil { startDue = max(startDue, now + downtime) }
  }
}

// MARK: - Moves

extension World {
  private enum Move {
    case act(Int)
    case deliver
    case performLate(Int)
    case begin
    case sweep
    case step(Int)
  }

  /// Does one of the things that may be done now, as the seed has it; false if there is none.
  private func move() -> Bool {
    collectWebhooks()
    var moves: [Move] = []
    if let index = tasks.firstIndex(where: { $0.due <= now }) { moves.append(.act(index)) }
    if !isTaking, webhooks.contains(where: { $0.due <= now }) { moves += [.deliver, .deliver] }
    if let index = late.firstIndex(where: { $0.due <= now }) { moves.append(.performLate(index)) }
    if let scheduler = life?.scheduler {
      if let due = scheduler.nextDue, due <= time.clock.now() { moves += [.begin, .begin] }
      moves += (0..<scheduler.activeCount).map { .step($0) }
      if depth > 0, chance.isWithin(3) { moves.append(.sweep) }
    }
    guard !moves.isEmpty else { return false }
    perform(chance.pick(moves))
    return true
  }

  private func perform(_ move: Move) {
    switch move {
    case .act(let index): act(tasks.remove(at: index))
    case .deliver: deliver()
    case .performLate(let index):
      let request = late.remove(at: index).request
      let response = perform(request, nil)
      note(request, "\(response.status)", nil, isLate: true)
    case .begin: _ = life?.scheduler?.begin()
    case .sweep: life?.sweep()
    case .step(let index): step(index)
    }
  }

  private func step(_ index: Int) {
    guard let scheduler = life?.scheduler else { return }
    carried.append(scheduler.activeRun(index))
    defer { carried.removeLast() }
    guard let run = scheduler.step(index) else { return }
    let reason = run.reason.map { ": \($0)" } ?? ""
    note("\(label(run.id)) is \(run.status.rawValue)\(reason)")
  }

  /// When something is to be done next.
  private func nextDue() -> Int? {
    let scheduled = life?.scheduler?.nextDue.map {
      $0.milliseconds - VirtualTime.start.milliseconds - time.skew
    }
    let sent = sandbox.nextDelivery.map { $0.milliseconds - VirtualTime.start.milliseconds }
    let start = life == nil ? startDue : nil
    return [
      scheduled, sent, start, tasks.map(\.due).min(), webhooks.map(\.due).min(),
      late.map(\.due).min(),
    ].compactMap(\.self).min()
  }
}

// MARK: - What happens while a dispatcher works

extension World {
  /// Lets other things happen between two that one thread of a dispatcher does.
  func meanwhile() {
    guard depth < 3, chance.isWithin(30) else { return }
    depth += 1
    defer { depth -= 1 }
    for _ in 0...chance.below(4) { guard move() else { break } }
  }

  /// Lets time pass for a thread that waits, and others go on.
  func pass(milliseconds: Int) {
    guard milliseconds > 0 else { return }
    let end = now + milliseconds
    if depth < 3 {
      depth += 1
      defer { depth -= 1 }
      for _ in 0..<20 {
        if move() { continue }
        guard let next = nextDue(), next <= end, next > now else { break }
        time.pass(until: next)
      }
    }
    time.pass(until: end)
  }

  /// Lets a request arrive that nobody waits for any more.
  func performLate(_ request: ClientRequest, after milliseconds: Int) {
    late.append((now + milliseconds, request))
  }

  /// Hands a request to its system.
  func perform(_ request: ClientRequest, _ fault: Fault.Kind?) -> Response {
    people.send(request, fault)
  }

  /// What befalls a request, if anything.
  func nextFault(of request: ClientRequest) -> Scenario.Fault.Kind? {
    let isChange = request.method != "GET"
    if isChange { changes += 1 } else { reads += 1 }
    let number = isChange ? changes : reads
    let fault = scenario.faults.first { $0.isChange == isChange && $0.number == number }
    if fault != nil { counts.faults += 1 }
    return fault?.kind
  }
}

// MARK: - People

extension World {
  private func act(_ task: Task) {
    let action = task.event.action
    for kill in scenario.kills where kill.event == task.event.number && task.tries == 0 {
      guard life?.arm(kill.point) == true else { continue }
      downtime = kill.downtime
      counts.kills += 1
    }
    switch action {
    case .setClock(let seconds):
      counts.jumps += 1
      time.setClock(by: seconds * 1000)
      note("\(action)")
    case .outage(let seconds):
      counts.jumps += 1
      note("\(action)")
      turnOff(seconds: seconds)
    default:
      if let outcome = people.perform(action) { return note(outcome) }
      // It is not possible yet
      guard task.tries < 24 else { return }
      var task = task
      task.tries += 1
      task.due = now + 20_000 * (1 << min(task.tries, 12)) / 2
      tasks.append(task)
    }
  }
}

// MARK: - Webhooks

extension World {
  private func collectWebhooks() {
    for delivery in sandbox.takeDueDeliveries() {
      let quirk = scenario.deliveries.first { $0.index == webhookCount }
      for copy in 0..<max(quirk?.copies ?? 1, 1) {
        let delay = (quirk?.delay ?? 0) + (copy == 0 ? 0 : chance.pick([0, 1, 5000, 400_000]))
        webhooks.append(
          Webhook(
            number: webhookCount, due: now + delay, delivery: delivery, isFirst: copy == 0))
      }
      webhookCount += 1
    }
  }

  /// Delivers one webhook that is due, or a few at once.
  private func deliver() {
    let most = chance.isWithin(40) ? 4 : 1
    var batch: [Webhook] = []
    while batch.count < most {
      let due = webhooks.indices.filter { webhooks[$0].due <= now }
      guard !due.isEmpty else { break }
      batch.append(webhooks.remove(at: chance.pick(due)))
    }
    let bodies = batch.compactMap { webhook in
      (try? JSON(parsing: webhook.delivery.request.body ?? [])).map {
        ($0, app: webhook.delivery.app)
      }
    }
    isTaking = true
    let taken = life?.take(bodies)
    isTaking = false
    guard let receipts = taken else {
      for webhook in batch {
        note("webhook \(webhook.number) finds nobody")
        if webhook.isFirst { fail(webhook.delivery) }
      }
      return
    }
    for ((webhook, body), receipt) in zip(zip(batch, bodies), receipts) {
      finish(webhook, body.0, receipt)
    }
  }

  private func fail(_ delivery: Delivery) {
    sandbox.finish(delivery, failure: "connection refused")
    guard delivery.attempt >= Self.mostAttempts else { return }
    lost.append(String(decoding: delivery.request.body ?? [], as: UTF8.self))
  }

  private static let mostAttempts = 8

  private func finish(_ webhook: Webhook, _ body: JSON, _ receipt: Intake.Receipt) {
    var status = 200
    if case .refused = receipt { status = 503 }
    if webhook.isFirst { sandbox.finish(webhook.delivery, status: status) }
    let type = body["event_type"].string ?? body["type"].string ?? "?"
    let name = "webhook \(webhook.number) \(type) \(webhook.delivery.event)"
    switch receipt {
    case .refused(let problem): note("\(name) is refused: \(problem)")
    case .duplicate: note("\(name) is a duplicate")
    case .taken(let runs):
      let begun = runs.map { "\(label($0.id)) \($0.flowConnection)" }.joined(separator: ", ")
      note("\(name) starts \(begun.isEmpty ? "nothing" : begun)")
    }
  }
}

// MARK: - Trace

extension World {
  func note(_ text: @autoclosure () -> String) {
    trace.add(at: now, text())
  }

  func note(
    _ request: ClientRequest, _ outcome: String, _ fault: Scenario.Fault.Kind?, isLate: Bool = false
  ) {
    let who = isLate ? "late" : carried.last.map(label) ?? "?"
    let path = request.url.dropFirst(SharedSetup.server.utf8.count)
    let body = request.body.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""
    let numbers = request.method == "GET" ? "read \(reads)" : "change \(changes)"
    let what = fault.map { " [\(numbers): \($0)]" } ?? ""
    note("\(who): \(request.method) \(path)\(body.truncated(to: 400)) -> \(outcome)\(what)")
  }

  private func label(_ run: String) -> String {
    if let label = labels[run] { return label }
    let label = "R\(labels.count + 1)"
    labels[run] = label
    return label
  }
}
