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
  struct Webhook {
    let number: Int
    let due: Int
    let delivery: Delivery
    /// Whether the system is told what became of it.
    let isFirst: Bool
  }

  /// An action that is to be done.
  struct Task {
    var due: Int
    let event: Scenario.Event
    var tries = 0
  }

  let scenario: Scenario
  let time = VirtualTime()
  var chance: Chance
  let sandbox: InProcessSandbox
  /// The store as people and the oracle see it; a dispatcher opens a store of files for itself.
  let store: any KeyValueStore
  private let folder: TemporaryFolder?
  let secrets: Secrets
  private(set) var trace: Trace
  var counts = Counts()
  /// The webhooks that a system gave up.
  var lost: [String] = []

  private let shared: SharedSetup
  let people: People
  var life: Life?
  var startDue = 0
  private var downtime = 0
  var tasks: [Task]
  var webhooks: [Webhook] = []
  var webhookCount = 0
  var late: [(due: Int, request: ClientRequest)] = []
  var changes = 0
  var reads = 0
  /// Until when the dispatcher's key of an app is refused.
  var revoked: [String: Int] = [:]
  /// Whether webhooks are being taken, which one thread does.
  var isTaking = false
  /// How many things that happen meanwhile contain this moment.
  var depth = 0
  var carried: [String] = []
  private var labels: [String: String] = [:]

  /// A world in its first moment.
  init(_ scenario: Scenario, _ shared: SharedSetup, keepsTrace: Bool) throws {
    self.scenario = scenario
    self.shared = shared
    chance = Chance(seed: scenario.order, stream: 2)
    trace = Trace(isKept: keepsTrace)
    sandbox = try shared.sandbox(seed: scenario.seed, time: time)
    folder = scenario.isTorn ? try TemporaryFolder() : nil
    store =
      try folder.map { (folder) throws(StoreError) in try Self.open(folder.path) }
      ?? InMemoryStore(watching: Home.watchedPrefixes)
    try shared.fill(store, with: scenario.flows)
    secrets = try shared.secrets(for: sandbox)
    people = People(sandbox: sandbox)
    tasks = scenario.events.map { Task(due: $0.at, event: $0) }
  }

  /// Milliseconds since the beginning.
  var now: Int { time.passed }

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
    life?.leave()
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
    try RunStore(home: home).runs()
  }

  /// The home as people see it.
  private var home: Home { Home(at: shared.path, store: store, secrets: secrets) }

  private static func open(
    _ path: String, _ disk: any Disk = LocalDisk()
  ) throws(StoreError) -> FileStore {
    try FileStore(at: path + "/store", disk: disk, watching: Home.watchedPrefixes)
  }
}

// MARK: - Lives

extension World {
  /// Buries a dispatcher that was killed, and starts the next one when it is time.
  private func live() throws {
    if let life, life.isDead {
      life.leave()
      self.life = nil
      startDue = now + downtime
    }
    guard life == nil, now >= startDue else { return }
    downtime = 0
    let life = Life(in: self)
    let disk = folder.map { _ in TearingDisk() }
    try life.start(
      shared, try folder.map { try Self.open($0.path, disk ?? TearingDisk()) } ?? store, disk)
    self.life = life
    note("a dispatcher starts")
  }

  private func turnOff(seconds: Int) {
    life?.die("by the outage")
    downtime = seconds * 1000
    if life == nil { startDue = max(startDue, now + downtime) }
  }
}

// MARK: - People

extension World {
  func act(_ task: Task) {
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
    case .revokeKey(let app, let seconds):
      counts.jumps += 1
      note("\(action)")
      revoked[app] = max(revoked[app] ?? 0, now + seconds * 1000)
      again(task, .restoreKey(app), in: seconds * 1000)
    case .restoreKey(let app):
      restore(app, task)
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

extension World {
  /// Does something later that follows from a task.
  private func again(_ task: Task, _ action: Action, in milliseconds: Int) {
    let event = Scenario.Event(number: task.event.number, at: task.event.at, action: action)
    tasks.append(Task(due: now + milliseconds, event: event, tries: task.tries + 1))
  }

  /// A person resumes a connection whose key is good again, and looks again ten minutes later: a
  /// refusal may still have been on its way.
  private func restore(_ app: String, _ task: Task) {
    guard revoked[app, default: 0] <= now, task.tries < 3 else { return }
    do {
      guard try Pauses(home: home).resume(app) || task.tries == 1 else { return }
    } catch {
      return note("\(task.event.action): \(error)")
    }
    note("\(task.event.action)")
    life?.recheck()
    again(task, task.event.action, in: 600_000)
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

  func label(_ run: String) -> String {
    if let label = labels[run] { return label }
    let label = "R\(labels.count + 1)"
    labels[run] = label
    return label
  }
}
