public import StepKit
public import Store
public import Values

/// The ID mapping: a row states which ids in which accounts are one thing.
///
/// A row is stored under each of its ids. A scope is the account behind a connection
/// (`chargebee:acme`), so connections to one account share the row.
public struct Links: Sendable {
  let home: Home

  /// Creates the mapping of a home.
  public init(home: Home) { self.home = home }

  /// One thing: its ids by scope.
  public struct Row: Sendable, Hashable {
    /// The kind of thing.
    public let kind: Kind
    /// Its ids by scope.
    public let ids: [String: String]
    /// The versions that scopes hold, if known: see ``LinkEffect/versions``.
    public var versions: [String: Int] = [:]

    /// Whether two rows have the same ids, byte by byte.
    public static func == (one: Row, other: Row) -> Bool {
      one.kind == other.kind && one.versions == other.versions && one.ids.count == other.ids.count
        && one.hasAll(of: other.ids)
    }

    /// Whether it has all of these ids by scope, byte by byte.
    func hasAll(of ids: [String: String]) -> Bool {
      ids.allSatisfy { scope, id in self.ids[scope]?.hasBytes(of: id) == true }
    }

    /// Creates a row.
    public init(kind: Kind, ids: [String: String], versions: [String: Int] = [:]) {
      self.kind = kind
      self.ids = ids
      self.versions = versions
    }
  }

  /// The row that has one of these ids, or nil.
  public func row(_ kind: Kind, anyOf ids: [String: String]) throws(Problem) -> Row? {
    for (scope, id) in ids.sorted(by: { $0.key < $1.key }) {
      guard let document = try home.document(at: Self.key(kind, scope, id)) else { continue }
      return Row(kind, document)
    }
    return nil
  }

  /// The first rows, of one kind or of all.
  public func rows(_ kind: Kind? = nil, limit: Int = .max) throws(Problem) -> [Row] {
    var rows: [Row] = []
    try visit(kind) { row in
      if rows.count < limit { rows.append(row) }
      return rows.count < limit
    }
    return rows
  }

  /// Visits each row once until the closure returns false; one row is in memory at a time.
  public func visit(
    _ kind: Kind? = nil, _ wantsMore: (Row) throws(Problem) -> Bool
  ) throws(Problem) {
    for kind in kind.map({ [$0] }) ?? Kind.allCases {
      var scan = try home.with { (store) throws(StoreError) in
        try store.scan(prefix: StoreKey.link.key("\(kind.rawValue)/"))
      }
      while let record = try home.next(&scan) {
        let row = Row(kind, try Home.document(in: record.value, at: record.key))
        guard record.key == row.firstKey else { continue }
        guard try wantsMore(row) else { return }
      }
    }
  }

  /// The rows after a place, and the place after which the next rows come; nil if there are none.
  public func portion(
    _ kind: Kind?, after place: String?, limit: Int
  ) throws(Problem) -> (rows: [Row], next: String?) {
    let prefix = StoreKey.link.key(kind.map { "\($0.rawValue)/" } ?? "")
    let start = place.map { StoreKey.link.key($0) + "\u{1}" } ?? prefix
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(from: max(start, prefix), upTo: StoreKey.link.end)
    }
    var rows: [Row] = []
    var last: String?
    while let record = try home.next(&scan), record.key.hasPrefix(prefix) {
      let name = StoreKey.link.name(in: record.key)
      guard let kind = Kind(rawValue: String(name.prefix { $0 != "/" })) else { continue }
      let row = Row(kind, try Home.document(in: record.value, at: record.key))
      guard record.key == row.firstKey else { continue }
      if rows.count == limit { return (rows, last) }
      rows.append(row)
      last = name
    }
    return (rows, nil)
  }

  /// The accounts that have linked ids, sorted.
  public func accounts(_ kind: Kind? = nil) throws(Problem) -> [String] {
    var accounts: Set<String> = []
    for kind in kind.map({ [$0] }) ?? Kind.allCases {
      let prefix = StoreKey.link.key("\(kind.rawValue)/")
      var start = prefix
      // The first key of each account tells its name; the others need not be read
      while let key = try first(from: start, below: prefix) {
        let account = String(key.dropFirst(prefix.count).prefix { $0 != "/" })
        accounts.insert(account)
        start = "\(prefix)\(account)0"
      }
    }
    return accounts.sorted()
  }

  private func first(from start: String, below prefix: String) throws(Problem) -> String? {
    var scan = try home.with { (store) throws(StoreError) in
      try store.scan(from: start, upTo: StoreKey.link.end)
    }
    return try home.next(&scan).flatMap { $0.key.hasPrefix(prefix) ? $0.key : nil }
  }

  /// Links ids of at least two accounts.
  /// - Throws: A `refused` problem if a thing would have two ids in one account, or an id two things.
  public func link(_ kind: Kind, _ ids: [String: String]) throws(Problem) {
    guard ids.count >= 2 else { throw Problem(.usage, "a link joins ids of at least two accounts") }
    try add([Row(kind: kind, ids: ids)])
  }

  /// Removes the row that has an id, or `only` that id, unless a single one would be left.
  /// - Throws: A `noInput` problem if there is no such row.
  public func unlink(
    _ kind: Kind, _ scope: String, _ id: String, only: Bool = false
  ) throws(Problem) {
    let key = Self.key(kind, scope, id)
    try home.transact { (transaction) throws(Problem) in
      guard let text = try home.text(at: key) else {
        throw Problem(.noInput, "there is no \(kind.rawValue) \(scope)/\(id) in the ID mapping")
      }
      let row = Row(kind, try Home.document(in: text, at: key))
      let rest = only && row.ids.count > 2 ? row.without(scope) : nil
      transaction.changes = row.keys.map { (scope, key) in
        rest?.ids[scope] == nil ? .remove(key) : .put(key, rest?.document ?? .null)
      }
      // A change of a row writes it at each of its ids, so one condition will do
      transaction.conditions = [.equals(key, text)]
    }
  }

  /// Adds rows; rows that share an id are merged.
  ///
  /// - Throws: A `refused` problem if a thing would have two ids in one account, or an id two things.
  public func add(_ rows: [Row]) throws(Problem) {
    try home.transact { (transaction) throws(Problem) in try add(rows, to: &transaction) }
  }

  /// Adds rows to a transaction, with conditions on the rows that they are merged with: see
  /// ``Home/transact(_:)``.
  ///
  /// A flow links a thing in its `target` (a scope) to one account of an app only: only a person knows
  /// whether an id in another account is the same thing. A thing may have ids in several targets.
  /// - Throws: A `refused` problem if a thing would have two ids in one account, or an id two things.
  public func add(
    _ rows: [Row], target: String? = nil, to transaction: inout Transaction
  ) throws(Problem) {
    for row in rows {
      let merged = try merging(row, into: &transaction.conditions, target: target)
      transaction.changes += merged.keys.values.map { .put($0, merged.document) }
    }
  }

  /// The row, merged with the stored rows of its ids.
  private func merging(
    _ row: Row, into conditions: inout [Condition], target: String?
  ) throws(Problem) -> Row {
    var (ids, versions) = (row.ids, row.versions)
    for (scope, id) in row.ids {
      let key = Self.key(row.kind, scope, id)
      guard let document = try home.document(at: key) else {
        conditions.append(.absent(key))
        continue
      }
      conditions.append(.equals(key, document.text))
      let there = Row(row.kind, document)
      if scope == target { try Self.check(row, addsNoAccountTo: there) }
      versions.merge(there.versions, uniquingKeysWith: max)
      for (scope, known) in there.ids {
        guard (ids[scope] ?? known).hasBytes(of: known) else {
          throw Problem(
            .refused,
            "the \(row.kind.rawValue) \(id) is already linked to \(scope)/\(known) and cannot be linked"
              + " to \(scope)/\(ids[scope] ?? "") too; `meterbridge link get` shows a link,"
              + " `meterbridge link rm` removes it")
        }
        ids[scope] = known
      }
    }
    return Row(kind: row.kind, ids: ids, versions: versions)
  }

  private static func check(_ row: Row, addsNoAccountTo there: Row) throws(Problem) {
    for (scope, id) in row.ids.sorted(by: { $0.key < $1.key }) where there.ids[scope] == nil {
      guard let other = there.accounts(beside: scope).first else { continue }
      throw Problem(
        .refused,
        "the \(row.kind.rawValue) \(scope)/\(id) may not be the same as \(other), which has the same id"
          + " in another account: if it is, link them with `meterbridge link set`")
    }
  }

  static func key(_ kind: Kind, _ scope: String, _ id: String) -> String {
    StoreKey.link.key("\(kind.rawValue)/\(scope)/\(id.percentEncoded)")
  }
}

extension Links.Row {
  /// The ids in other accounts of a scope's app, as `chargebee:acme/cus_1`.
  public func accounts(beside scope: String) -> [String] {
    let app = scope.prefix { $0 != ":" } + ":"
    return ids.sorted { $0.key < $1.key }
      .filter { $0.key != scope && $0.key.hasPrefix(app) }.map { "\($0.key)/\($0.value)" }
  }

  /// The keys of the row by scope.
  fileprivate var keys: [String: String] {
    Dictionary(uniqueKeysWithValues: ids.map { ($0, Links.key(kind, $0, $1)) })
  }

  /// The first of the keys.
  fileprivate var firstKey: String? { keys.values.min() }

  /// The row without the id in a scope.
  fileprivate func without(_ scope: String) -> Links.Row {
    Links.Row(
      kind: kind, ids: ids.filter { $0.key != scope }, versions: versions.filter { $0.key != scope }
    )
  }

  /// The row as it is shown.
  public var json: JSON {
    .object((document.object ?? [:]).merging(["kind": .string(kind.rawValue)]) { one, _ in one })
  }

  /// The row as it is stored.
  fileprivate var document: JSON {
    .members([
      "ids": .texts(ids),
      "versions": versions.isEmpty ? nil : .object(versions.mapValues { .number(Numeral($0)) }),
    ])
  }

  fileprivate init(_ kind: Kind, _ document: JSON) {
    self.init(
      kind: kind, ids: document["ids"].object?.compactMapValues(\.string) ?? [:],
      versions: document["versions"].object?.compactMapValues(\.int) ?? [:])
  }
}
