import Records
import Setup
import Store
import Values

/// The runs that failed, that did not sync something, or that have a change in doubt.
struct MarkedRuns: AttentionSource {
  let home: Home
  let isQuick = true

  func present(at now: Timestamp) throws(Problem) -> [AttentionCandidate] {
    try parked() + marked()
  }

  private func parked() throws(Problem) -> [AttentionCandidate] {
    try home.documents(below: StoreKey.parked.prefix).map { record in
      candidate(.inDoubt, StoreKey.parked.name(in: record.key))
    }
  }

  private func marked() throws(Problem) -> [AttentionCandidate] {
    try home.documents(below: StoreKey.attention.prefix).map { record in
      let isFailed = record.document["status"].string == Run.Status.failed.rawValue
      return candidate(isFailed ? .failed : .notSynced, StoreKey.attention.name(in: record.key))
    }
  }

  private func candidate(_ cause: AttentionCause, _ run: String) -> AttentionCandidate {
    AttentionCandidate(cause: cause, subject: run) { () throws(Problem) in
      try item(cause, run)
    }
  }

  private func item(_ cause: AttentionCause, _ id: String) throws(Problem) -> AttentionItem? {
    guard let document = try home.document(at: StoreKey.run.key(id)) else { return nil }
    let known = try Run(json: document)
    let run = try Redactor(home: home).shown(known).run
    let subject = RunSubject(of: run)
    var item = AttentionItem(
      cause, id, since: run.log.last?.at ?? run.at, reason: run.reason ?? "it gives no reason",
      command: Self.command(cause, run))
    item.run = id
    item.flowConnection = run.flowConnection
    (item.customer, item.amount) = (subject.customer, subject.amount)
    return item
  }

  /// The command that helps.
  private static func command(_ cause: AttentionCause, _ run: Run) -> String {
    switch cause {
    case .failed: "meterbridge run retry \(run.id)"
    case .inDoubt: "meterbridge run show \(run.id)"
    default: "meterbridge run retry \(run.id)"
    }
  }
}
