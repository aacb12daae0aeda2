import Crypto
import Store
public import Values

/// The record of who changed connections, keys, places, flows and settings of a home.
///
/// It is only ever appended to: each entry has the digest of the one before, so that one that is changed or
/// taken out breaks the chain, and old ones are never removed.
public struct AuditLog: Sendable {
  /// One change.
  public struct Entry: Sendable {
    /// Its number, from 1.
    public let number: Int
    /// The time, the person, the deed and its subject; no secrets and no values of settings.
    public let json: JSON
    /// Whether the chain holds from the entry before to this one.
    public let isChained: Bool
  }

  let home: Home

  /// The audit log of a home.
  public init(home: Home) { self.home = home }

  /// Appends a change: `what` names the settings and secrets that are changed.
  public func append(
    _ deed: String, on subject: [String], what: [String] = [], by person: String,
    outcome: String = "done", at now: Timestamp
  ) throws(Problem) {
    while true {
      let last = try last()
      let number = last.map { $0.number + 1 } ?? 1
      let key = Self.key(number)
      let entry = JSON.members([
        "at": .string(now.text), "by": .string(person), "did": .string(deed),
        "on": subject.isEmpty ? nil : .array(subject.map(JSON.string)),
        "what": what.isEmpty ? nil : .array(what.sorted().map(JSON.string)),
        "outcome": .string(outcome),
        "previous": .string(
          try last.map { (last) throws(Problem) in
            try SHA256.text(of: last.text.utf8)
          } ?? ""),
      ])
      // Another process may have appended meanwhile.
      if try home.commit([.put(key, entry)], if: [.absent(key)]) { return }
    }
  }

  /// The entries, the oldest first.
  public func entries() throws(Problem) -> [Entry] {
    var entries: [Entry] = []
    var former: (number: Int, text: String)?
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(prefix: StoreKey.audit.prefix)
    }
    while let record = try home.next(&scan) {
      let json = try Home.document(in: record.value, at: record.key)
      let number = Int(StoreKey.audit.name(in: record.key)) ?? 0
      let previous =
        try former.map { (former) throws(Problem) in
          try SHA256.text(of: former.text.utf8)
        } ?? ""
      entries.append(
        Entry(
          number: number, json: json,
          isChained: number == (former?.number ?? 0) + 1 && json["previous"].string == previous))
      former = (number, record.value)
    }
    return entries
  }

  private func last() throws(Problem) -> (number: Int, text: String)? {
    let found = try home.with { (store) throws(StoreError) in
      try store.records(prefix: StoreKey.audit.prefix, limit: 1, reversed: true).first
    }
    return found.map { (Int(StoreKey.audit.name(in: $0.key)) ?? 0, $0.value) }
  }

  /// Numbers have as many digits as sort them by their texts.
  static func key(_ number: Int) -> String {
    let digits = String(number)
    return StoreKey.audit.key(
      String(repeating: "0", count: max(0, 12 - digits.count)) + digits)
  }
}
