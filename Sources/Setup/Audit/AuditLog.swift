import Crypto
public import Store
public import Values

/// The record of who changed connections, keys, places, flows and settings of a home.
///
/// It is only ever appended to: each entry has the digest of the one before, so that one that is changed or
/// taken out breaks the chain, and old ones are never removed. A deed has an entry before it is done, with
/// the outcome `begun`; what a command does has one when it ends, too, whose `ends` is the number of
/// the first.
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

  let store: any KeyValueStore

  /// The audit log of a home.
  public init(home: Home) { store = home.store }

  /// The audit log in a store.
  public init(store: any KeyValueStore) { self.store = store }

  /// Appends an entry: `what` names the settings and secrets that are changed.
  ///
  /// - Returns: Its number.
  @discardableResult public func append(
    _ deed: String, on subject: [String], what: [String] = [], by person: String,
    outcome: String = "done", ends begun: Int? = nil, at now: Timestamp
  ) throws(Problem) -> Int {
    while true {
      let last = try last()
      let number = last.map { $0.number + 1 } ?? 1
      let key = Self.key(number)
      let entry = JSON.members([
        "at": .string(now.text), "by": .string(person), "did": .string(deed),
        "on": subject.isEmpty ? nil : .array(subject.map(JSON.string)),
        "what": what.isEmpty ? nil : .array(what.sorted().map(JSON.string)),
        "outcome": .string(outcome), "ends": .int(begun),
        "previous": .string(
          try last.map { (last) throws(Problem) in
            try SHA256.text(of: last.text.utf8)
          } ?? ""),
      ])
      // Another process may have appended meanwhile.
      let isAppended = try stored { () throws(StoreError) in
        try store.commit([.put(key, entry)], if: [.absent(key)])
      }
      if isAppended { return number }
    }
  }

  /// Does a deed between an entry that it begins and one with its outcome.
  public func recording<Value>(
    _ deed: String, on subject: [String], what: [String] = [], by person: String,
    clock: WallClock = .system, _ body: () throws(Problem) -> Value
  ) throws(Problem) -> Value {
    func append(_ outcome: String, ends begun: Int? = nil) throws(Problem) -> Int {
      try self.append(
        deed, on: subject, what: what, by: person, outcome: outcome, ends: begun, at: clock.now())
    }
    let begun = try append("begun")
    let value: Value
    do throws(Problem) {
      value = try body()
    } catch {
      // The failure of the deed matters more than that of the record.
      _ = try? append("refused: \(error.kind)", ends: begun)
      throw error
    }
    _ = try append("done", ends: begun)
    return value
  }

  /// The entries, the oldest first.
  public func entries() throws(Problem) -> [Entry] {
    var entries: [Entry] = []
    var former: (number: Int, text: String)?
    var scan = try stored { () throws(StoreError) in
      try store.scan(prefix: StoreKey.audit.prefix)
    }
    while let record = try stored({ () throws(StoreError) in try scan.next() }) {
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
    let found = try stored { () throws(StoreError) in
      try store.records(prefix: StoreKey.audit.prefix, limit: 1, reversed: true).first
    }
    return found.map { (Int(StoreKey.audit.name(in: $0.key)) ?? 0, $0.value) }
  }

  func stored<Value>(_ body: () throws(StoreError) -> Value) throws(Problem) -> Value {
    do throws(StoreError) { return try body() } catch { throw Problem(error) }
  }

  /// Numbers have as many digits as sort them by their texts.
  static func key(_ number: Int) -> String {
    let digits = String(number)
    return StoreKey.audit.key(
      String(repeating: "0", count: max(0, 12 - digits.count)) + digits)
  }
}
