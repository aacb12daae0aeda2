public import Step
import Store

/// The runs of a home, as the store has them.
public struct RunBook: Sendable {
  let home: Home

  /// The runs of a home.
  public init(home: Home) { self.home = home }

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

  /// The runs that are not at their end, the oldest first.
  public func open() throws(Problem) -> [Run] {
    try home.documents(below: "open/").map { (record) throws(Problem) in
      try run(String(record.key.dropFirst(5)))
    }
  }

  /// The effects of a run, step by step, in the order of their rounds.
  public func effects(of run: Run) throws(Problem) -> [(step: Int, name: String, record: JSON)] {
    var effects: [(step: Int, name: String, record: JSON)] = []
    for step in 0...run.step {
      let ledger = try Ledger(home: home, run: run.id, step: step)
      let sorted = ledger.entries.sorted { ($0.value.round, $0.key) < ($1.value.round, $1.key) }
      effects += sorted.map { (step, $0.key, $0.value.json) }
    }
    return effects
  }

  /// Lets a run that has failed or stopped go on from the step at which it ended; what the step read,
  /// was refused or doubted is forgotten, what was confirmed is kept.
  public func retry(_ id: String, now: Timestamp) throws(Problem) -> Run {
    var run = try run(id)
    guard run.status == .failed || run.status == .stopped else {
      throw Problem(
        .refused, "run \(id) is \(run.status.rawValue): only a failed or stopped one is retried")
    }
    let ledger = try Ledger(home: home, run: id, step: run.step)
    let forgotten = ledger.entries.filter { $0.value.state != .confirmed || !$0.value.isChange }
    run.status = .pending
    run.attempts = 0
    run.failingSince = nil
    run.reason = nil
    run.due = now
    run.note("Run Retried", "Pending", at: now)
    let prefix = Ledger.prefix(id, run.step)
    _ = try home.commit(
      forgotten.map { .remove(prefix + $0.key.percentEncoded) }
        + [.put(run.key, run.json), .put(run.openKey, ["lane": .string(run.lane)])])
    return run
  }
}
