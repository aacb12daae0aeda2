public import Records
public import Setup
public import Values

extension Registry {
  /// Runs as `run list --json` prints them: redacted, each with the run that it waits behind.
  public func shown(_ runs: [Run]) throws(Problem) -> [JSON] {
    let isAnyPending = runs.contains { $0.status == .pending }
    let blocking =
      isAnyPending ? RunStore.blockingRuns(among: try RunStore(home: home).open()) : [:]
    let redactor = try Redactor(home: home)
    return try runs.map { (run) throws(Problem) in
      try redactor.shown(run).run.json(behind: blocking[run.id])
    }
  }
}

extension Run {
  /// The run as JSON, with its customer, its warning and the run that it waits for in its lane.
  public func json(behind other: String? = nil) -> JSON {
    json.with("customer", RunSubject(of: self).customer.map(JSON.string))
      .with("warning", warning.map(JSON.string))
      .with("waitsBehind", other.map(JSON.string))
  }
}
