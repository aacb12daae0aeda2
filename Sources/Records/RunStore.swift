public import Setup
import StepKit
import Store
public import Values

/// The runs of a home, as the store has them.
public struct RunStore: Sendable {
  /// The home that keeps the runs.
  public let home: Home
  /// Who says what is to become of them, for the activity log.
  private let person: String?

  /// The runs of a home; what is done to them is done by this person.
  public init(home: Home, person: String? = nil) {
    self.home = home
    self.person = person
  }

  /// The run of that id.
  public func run(_ id: String) throws(Problem) -> Run {
    guard let document = try home.document(at: "run/\(id)") else {
      throw Problem(.noInput, "there is no run \"\(id)\"; `meterbridge run list` shows them")
    }
    return try Run(json: document)
  }

  /// All runs, the oldest first.
  public func runs() throws(Problem) -> [Run] {
    try home.documents(below: "run/").map { (record) throws(Problem) in
      try Run(json: record.document)
    }
  }

  /// The runs that are not at their end, the oldest first; of those for which `isWanted`.
  public func open(where isWanted: (String) -> Bool = { _ in true }) throws(Problem) -> [Run] {
    let ids = try home.documents(below: "open/").map { String($0.key.dropFirst(5)) }
    return try ids.filter(isWanted).map { (id) throws(Problem) in try run(id) }
  }

  /// Whether the run is not at its end.
  public func isOpen(_ run: Run) throws(Problem) -> Bool { try home.text(at: run.openKey) != nil }

  /// The first run of the lane of each run that waits behind it, by the id of the waiting run.
  public static func blockingRuns(among runs: [Run]) -> [String: String] {
    var first: [String: String] = [:]
    var blocking: [String: String] = [:]
    for run in runs where run.status == .pending {
      guard let other = first[run.lane] else {
        first[run.lane] = run.id
        continue
      }
      blocking[run.id] = other
    }
    return blocking
  }

  /// The effects of a run, step by step, in the order of their rounds.
  public func effects(of run: Run) throws(Problem) -> [RunEffect] {
    var effects: [RunEffect] = []
    for step in 0...run.step {
      let ledger = try Ledger(home: home, run: run.id, step: step)
      let sorted = ledger.entries.sorted { ($0.value.round, $0.key) < ($1.value.round, $1.key) }
      effects += sorted.map { RunEffect(step: step, name: $0.key, record: $0.value.json) }
    }
    return effects
  }

  /// Lets a run that is at its end go on: from the step at which it ended, from the first where it had
  /// nothing to do, or from the one that is said.
  ///
  /// What the steps read, was refused or is in doubt no more is forgotten; a change that was confirmed
  /// is not made again.
  public func retry(_ id: String, from step: Int? = nil, now: Timestamp) throws(Problem) -> Run {
    var run = try run(id)
    guard run.status != .pending, run.status != .parked else {
      throw Problem(
        .refused,
        "run \(id) is \(run.status.rawValue)"
          + (run.status == .parked ? ": say first what happened, `meterbridge run settle`" : ""))
    }
    // Why there was nothing to do was found out by any of the steps before
    guard try home.text(at: "flow-connection/\(run.flowConnection)") != nil else {
      throw Problem(
        .refused, "run \(id) cannot go on: its flow connection \(run.flowConnection) is gone")
    }
    let first = step ?? (run.status == .stopped || run.status == .notSynced ? 0 : run.step)
    let last = run.status == .success ? run.outputs.count - 1 : run.outputs.count
    guard (0...max(last, 0)).contains(first) else {
      let range = last > 0 ? "from step 1 to \(last + 1)" : "from step 1"
      throw Problem(
        .usage,
        step == nil
          ? "run \(id) is done: --from-step says where it is to begin again, \(range)"
          : "run \(id) can go on \(range)")
    }
    var changes: [Change] = []
    for step in first...run.step {
      changes += try Ledger(home: home, run: id, step: step).forgetting(refusals: true)
    }
    run.step = first
    run.outputs = Array(run.outputs.prefix(first))
    return try reopen(&run, "Run Retried", changes, now)
  }

  /// Says what became of a change that is parked.
  ///
  /// It happened, and this was the answer; or, without an answer, it did not happen. The run goes on
  /// when nothing is parked any more.
  public func settle(
    _ id: String, effect name: String, answer: JSON?, now: Timestamp
  ) throws(Problem) -> Run {
    var run = try run(id)
    var ledger = try Ledger(home: home, run: id, step: run.step)
    guard run.status == .parked, var entry = ledger.entries[name], entry.state == .parked else {
      throw Problem(.noInput, "run \(id) has no parked effect \"\(name)\"")
    }
    entry.state = answer == nil ? .void : .confirmed
    entry.answer = answer.map { .known(status: 200, value: $0) }
    try ledger.record(name, entry)
    guard ledger.doubts.isEmpty else { return run }
    return try reopen(&run, "Run Settled", ledger.forgetting(), now)
  }

  private func reopen(
    _ run: inout Run, _ event: String, _ changes: [Change], _ now: Timestamp
  ) throws(Problem) -> Run {
    run.status = .pending
    run.forgetTrouble()
    run.due = now
    run.note(event, "Pending", at: now, by: person)
    _ = try home.commit(
      changes + [.put(run.key, run.text), run.opening, .remove(run.parkedKey)])
    return run
  }
}
