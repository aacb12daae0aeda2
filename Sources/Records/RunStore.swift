public import Setup
import StepKit
import Store
public import Values

/// The stored runs of a home.
public struct RunStore: Sendable {
  /// The home.
  public let home: Home
  /// The person named in the activity log.
  private let person: String?

  /// Creates the run store of a home; the activity log names the person for each change.
  public init(home: Home, person: String? = nil) {
    self.home = home
    self.person = person
  }

  /// The run of an id.
  /// - Throws: A `noInput` problem if there is none.
  public func run(_ id: String) throws(Problem) -> Run {
    guard let document = try home.document(at: StoreKey.run.key(id)) else {
      throw Problem(.noInput, "there is no run \"\(id)\"; `meterbridge run list` shows them")
    }
    return try Run(json: document)
  }

  /// All runs, the oldest first.
  public func runs() throws(Problem) -> [Run] {
    try home.documents(below: StoreKey.run.prefix).map { (record) throws(Problem) in
      try Run(json: record.document)
    }
  }

  /// The open runs whose ids satisfy a condition, the oldest first.
  public func open(where isWanted: (String) -> Bool = { _ in true }) throws(Problem) -> [Run] {
    let ids = try home.documents(below: StoreKey.open.prefix).map { StoreKey.open.name(in: $0.key) }
    return try ids.filter(isWanted).map { (id) throws(Problem) in try run(id) }
  }

  /// Whether a run has not ended.
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

  /// The effects of a run, ordered by step and call.
  public func effects(of run: Run) throws(Problem) -> [RunEffect] {
    var effects: [RunEffect] = []
    for step in 0...run.step {
      let ledger = try Ledger(home: home, run: run.id, step: step)
      let sorted = ledger.entries.sorted { ($0.value.round, $0.key) < ($1.value.round, $1.key) }
      effects += sorted.map { RunEffect(step: step, name: $0.key, record: $0.value.json) }
    }
    return effects
  }

  /// Retries an ended run: from the given step, or from where it ended, or from the first step if it
  /// had nothing to do.
  ///
  /// Answers to reads and refusals are forgotten. A confirmed change is not made again.
  /// - Throws: A `refused` problem if the run is pending or parked, or its flow connection was removed; a
  ///   `usage` problem about the step.
  public func retry(_ id: String, from step: Int? = nil, now: Timestamp) throws(Problem) -> Run {
    var run = try run(id)
    let isFree = run.status == .parked ? try hasNoDoubts(run) : run.status != .pending
    guard isFree else {
      throw Problem(
        .refused,
        "run \(id) is \(run.status.rawValue)"
          + (run.status == .parked
            ? ": record what happened first, with `meterbridge run settle`" : ""))
    }
    guard try home.text(at: StoreKey.flowConnection.key(run.flowConnection)) != nil else {
      throw Problem(
        .refused, "run \(id) cannot continue: its flow connection \(run.flowConnection) was removed"
      )
    }
    let mayHaveChanged = try mayHaveChanged(run)
    // Any of the steps can have found that there was nothing to do, and what a trigger found may not be so any
    // more: a run that has made nothing looks anew from the first step
    let looksAnew = [.stopped, .notSynced].contains(run.status) || !mayHaveChanged
    let first = step ?? (looksAnew && run.status != .success ? 0 : run.step)
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
    if !mayHaveChanged { run.renew(at: now) }
    run.step = first
    run.outputs = Array(run.outputs.prefix(first))
    _ = try home.commit(changes + run.reopen("Run Retried", at: now, by: person))
    return run
  }

  /// Whether a change that it asked for was made or may have been.
  private func mayHaveChanged(_ run: Run) throws(Problem) -> Bool {
    for step in 0...run.step where try Ledger(home: home, run: run.id, step: step).mayHaveChanged {
      return true
    }
    return false
  }

  private func hasNoDoubts(_ run: Run) throws(Problem) -> Bool {
    try Ledger(home: home, run: run.id, step: run.step).doubts.isEmpty
  }

  /// Parks a pending run that must not be carried again until a person has looked.
  ///
  /// Changes of it that are in doubt are parked too, for `run settle`; without any, `run retry` lets it
  /// go on.
  public func park(_ id: String, _ reason: String, now: Timestamp) throws(Problem) -> Run {
    var run = try run(id)
    guard run.status == .pending else { return run }
    let parking = try Ledger(home: home, run: id, step: run.step).parking
    _ = try home.commit(parking + run.end(.parked, reason, at: now))
    return run
  }

  /// Settles a parked change: it happened with this answer, or without an answer it did not happen.
  ///
  /// The run continues when no parked change is left.
  /// - Throws: A `noInput` problem if there is no such change.
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
    let changes = ledger.forgetting() + run.reopen("Run Settled", at: now, by: person)
    _ = try home.commit(changes)
    return run
  }
}
