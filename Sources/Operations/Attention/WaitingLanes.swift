import Records
import Setup
import StepKit
import Store
import Values

/// The lanes whose first run was accepted more than an hour ago.
///
/// A lane that waits for a paused connection or with a held change is left out, since that is an item itself.
struct WaitingLanes: AttentionSource {
  let registry: Registry
  let isQuick = false

  /// The time after which a lane counts, in seconds.
  private static let limit = 3600

  func present(at now: Timestamp) throws(Problem) -> [AttentionCandidate] {
    let paused = Set(
      try registry.home.documents(below: StoreKey.paused.prefix).map {
        StoreKey.paused.name(in: $0.key)
      })
    let pausedFlows = Set(
      try registry.flows.connections().filter { flow in
        flow.parts.contains { paused.contains($0.connection) }
      }.map(\.name))
    var lanes: Set<String> = []
    var candidates: [AttentionCandidate] = []
    for run in try old(now) where lanes.insert(run.lane).inserted {
      if run.waitsForSomebody, run.hasHold { continue }
      if run.waitsForSomebody, pausedFlows.contains(run.flowConnection) { continue }
      candidates.append(
        AttentionCandidate(cause: .waiting, subject: run.lane) { () throws(Problem) in
          try item(run)
        })
    }
    return candidates
  }

  /// The open runs that were accepted longer ago than the limit, the oldest first.
  private func old(_ now: Timestamp) throws(Problem) -> [Run] {
    let home = registry.home
    let end = StoreKey.open.key("run.\(Identifier.time(now.adding(seconds: -Self.limit)))")
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(from: StoreKey.open.prefix, upTo: end)
    }
    var runs: [Run] = []
    while let record = try home.next(&scan) {
      let id = StoreKey.open.name(in: record.key)
      guard let document = try home.document(at: StoreKey.run.key(id)) else { continue }
      let run = try Run(json: document)
      // The time in the id is not before the run's own
      if run.at <= now.adding(seconds: -Self.limit) { runs.append(run) }
    }
    return runs
  }

  private func item(_ known: Run) throws(Problem) -> AttentionItem {
    let run = try Redactor(home: registry.home).shown(known).run
    var item = AttentionItem(
      .waiting, run.lane, since: run.at,
      reason: run.reason ?? "it was accepted and has not been carried yet",
      command: "meterbridge run show \(run.id)")
    item.run = run.id
    item.flowConnection = run.flowConnection
    let subject = RunSubject(of: run)
    (item.customer, item.amount) = (subject.customer, subject.amount)
    item.nextTry = run.due
    return item
  }
}
