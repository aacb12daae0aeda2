import Crypto
import Foundation
import Records
public import Setup
import Store
public import Values

/// The reconciliations that are kept in a home.
public struct ReconciliationStore: Sendable {
  let home: Home

  /// The reconciliations of a home.
  public init(home: Home) { self.home = home }

  /// Keeps that a reconciliation begins.
  public func begin(
    _ period: Period, flowConnection: String? = nil, by person: String, at now: Timestamp
  ) throws(Problem) -> KeptReconciliation {
    let id = try Identifier.make("reconciliation", at: now, number: 0, name: UUID().uuidString)
    let kept = KeptReconciliation(
      id: id,
      json: .members([
        "id": .string(id), "at": .string(now.text), "by": .string(person),
        "period": .string(period.text), "zone": .string(period.zoneName),
        "flowConnection": .text(flowConnection),
        "state": .string(KeptReconciliation.State.running.rawValue),
      ]))
    _ = try home.commit([.put(kept.key, kept.json)])
    return kept
  }

  /// Keeps what a reconciliation came to: the differences first, then that it has ended.
  public func end(
    _ kept: KeptReconciliation, with reports: [ReconciliationReport], at now: Timestamp
  ) throws(Problem) -> KeptReconciliation {
    var digest = ResultDigest()
    var changes: [Change] = []
    for (result, report) in reports.enumerated() {
      for difference in report.differences {
        let id = try KeptDifference.id(of: difference, in: report)
        let document = difference.json.with("id", .string(id))
          .with("result", .number(Numeral(result)))
        try digest.add(document.text)
        changes.append(.put(Self.key(kept.id, digest.count), document))
      }
    }
    // A transaction for each thousand: the differences count once the reconciliation has ended
    for start in stride(from: 0, to: changes.count, by: 1000) {
      _ = try home.commit(Array(changes[start..<min(start + 1000, changes.count)]))
    }
    let results = JSON.array(
      reports.map { report in
        let kinds = DifferenceCount.counts(of: report.differences).map(\.json)
        return report.json.with("differences", nil).with("kinds", .array(kinds))
      })
    try digest.add(results.text)
    let state: KeptReconciliation.State = reports.allSatisfy(\.agrees) ? .agrees : .differs
    return try change(kept.id) { (json) in
      json.with("results", results).with("ended", .string(now.text))
        .with("digest", .string(digest.text)).with("state", .string(state.rawValue))
    }
  }

  /// Keeps why a reconciliation could not read everything.
  public func fail(
    _ kept: KeptReconciliation, _ reason: String, at now: Timestamp
  ) throws(Problem) {
    _ = try change(kept.id) { (json) in
      json.with("ended", .string(now.text)).with("reason", .string(reason))
        .with("state", .string(KeptReconciliation.State.failed.rawValue))
    }
  }

  /// A reconciliation.
  ///
  /// - Throws: A `noInput` problem if there is none.
  public func get(_ id: String) throws(Problem) -> KeptReconciliation {
    guard let json = try home.document(at: StoreKey.reconciliation.key(id)) else {
      throw Problem(.noInput, "there is no reconciliation \"\(id)\"")
    }
    return KeptReconciliation(id: id, json: json)
  }

  /// The latest reconciliations before another, the latest first, and the id before which the next ones are.
  public func latest(
    before id: String? = nil, limit: Int
  ) throws(Problem) -> (kept: [KeptReconciliation], next: String?) {
    let end = id.map(StoreKey.reconciliation.key) ?? StoreKey.reconciliation.end
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(from: StoreKey.reconciliation.prefix, upTo: end, reversed: true)
    }
    var kept: [KeptReconciliation] = []
    while let record = try home.next(&scan) {
      if kept.count == limit { return (kept, kept.last?.id) }
      kept.append(
        KeptReconciliation(
          id: StoreKey.reconciliation.name(in: record.key),
          json: try Home.document(in: record.value, at: record.key)))
    }
    return (kept, nil)
  }

  /// Removes a reconciliation.
  ///
  /// - Throws: A `refused` problem if it is signed off.
  public func remove(_ id: String) throws(Problem) -> KeptReconciliation {
    let kept = try get(id)
    guard kept.signOff == nil else {
      throw Problem(.refused, "the reconciliation \(id) is signed off, and is kept")
    }
    let differences = try home.documents(below: Self.prefix(id)).map(\.key)
    _ = try home.commit([.remove(kept.key)] + differences.map { .remove($0) })
    return kept
  }

  /// Changes the document of a reconciliation.
  func change(
    _ id: String, _ body: (JSON) throws(Problem) -> JSON
  ) throws(Problem) -> KeptReconciliation {
    try home.transact { (transaction) throws(Problem) in
      let key = StoreKey.reconciliation.key(id)
      guard let text = try home.text(at: key) else {
        throw Problem(.noInput, "the reconciliation \(id) was removed")
      }
      let json = try body(Home.document(in: text, at: key))
      transaction.changes = [.put(key, json)]
      transaction.conditions = [.equals(key, text)]
      return KeptReconciliation(id: id, json: json)
    }
  }

  /// The keys of the differences of a reconciliation begin with it.
  static func prefix(_ id: String) -> String { StoreKey.difference.key("\(id)/") }

  /// The key of the difference of a number, from 1; it has as many digits as sort by their texts.
  private static func key(_ id: String, _ number: Int) -> String {
    let digits = String(number)
    return prefix(id) + String(repeating: "0", count: max(0, 9 - digits.count)) + digits
  }
}
