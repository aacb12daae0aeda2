import Setup
import Store
public import Values

extension ReconciliationStore {
  /// A portion of the differences of a reconciliation.
  public struct Portion: Sendable {
    /// The differences.
    public let differences: [KeptDifference]
    /// The place after which the next portion begins; nil if there is none.
    public let next: String?
    /// Whether the time was up before the portion was full.
    public let isPartial: Bool
  }

  /// The differences of a reconciliation that satisfy a condition, after a place.
  ///
  /// Looking ends after `seconds`: few of many may satisfy it.
  public func differences(
    of id: String, after place: String? = nil, limit: Int = .max, seconds: Double = .infinity,
    at now: Timestamp, where isWanted: (KeptDifference) -> Bool = { _ in true }
  ) throws(Problem) -> Portion {
    let prefix = Self.prefix(id)
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(
        from: place.map { prefix + $0 + "\u{1}" } ?? prefix, upTo: prefix.dropLast() + "0")
    }
    let deadline = WallClock.monotonic() + seconds
    var found: [KeptDifference] = []
    while let record = try home.next(&scan) {
      let one = try difference(record, place: String(record.key.dropFirst(prefix.count)), now)
      if isWanted(one) {
        if found.count == limit {
          return Portion(differences: found, next: found.last?.place, isPartial: false)
        }
        found.append(one)
      }
      if WallClock.monotonic() > deadline {
        return Portion(differences: found, next: one.place, isPartial: true)
      }
    }
    return Portion(differences: found, next: nil, isPartial: false)
  }

  private func difference(
    _ record: Record, place: String, _ now: Timestamp
  ) throws(Problem) -> KeptDifference {
    let json = try Home.document(in: record.value, at: record.key)
    guard let difference = Difference(json: json), let id = json["id"].string else {
      throw Problem(.io, "the record \(record.key) of the store is no difference")
    }
    let said = try home.document(at: StoreKey.explained.key(id))
      .flatMap(KeptDifference.Explanation.init(json:))
    return KeptDifference(
      difference: difference, result: json["result"].int ?? 0, id: id,
      explanation: said.flatMap { $0.counts(at: now) ? $0 : nil }, place: place)
  }

  /// Keeps what a person says of differences, for good or until a time; in later reconciliations too, as long
  /// as they differ in the same way.
  ///
  /// - Returns: The differences.
  /// - Throws: A `noInput` problem if the reconciliation has none of them.
  public func explain(
    _ ids: Set<String>, of reconciliation: String, _ reason: String, until: Timestamp? = nil,
    by person: String, at now: Timestamp
  ) throws(Problem) -> [KeptDifference] {
    try say(ids, of: reconciliation, at: now) { key in
      let document = JSON.members([
        "reason": .string(reason), "by": .string(person), "at": .string(now.text),
        "until": .text(until?.text),
      ])
      return .put(key, document)
    }
  }

  /// Takes back what was said of differences.
  ///
  /// - Returns: The differences.
  /// - Throws: A `noInput` problem if the reconciliation has none of them.
  public func reopen(
    _ ids: Set<String>, of reconciliation: String, at now: Timestamp
  ) throws(Problem) -> [KeptDifference] {
    try say(ids, of: reconciliation, at: now) { .remove($0) }
  }

  private func say(
    _ ids: Set<String>, of reconciliation: String, at now: Timestamp,
    _ change: (String) -> Change
  ) throws(Problem) -> [KeptDifference] {
    func chosen() throws(Problem) -> [KeptDifference] {
      try differences(of: reconciliation, at: now) { ids.contains($0.id) }.differences
    }
    let found = Set(try chosen().map(\.id))
    guard !found.isEmpty else {
      throw Problem(.noInput, "the reconciliation \(reconciliation) has no such difference")
    }
    _ = try home.commit(found.sorted().map { change(StoreKey.explained.key($0)) })
    return try chosen()
  }
}
