import Store

/// What some transactions, one after another, change in records as they are believed to be.
struct CommitPlan {
  /// The most records of a transaction of DynamoDB that are left beside the log, the head and the version.
  static let recordLimit = DynamoDBTable.itemLimit - 3

  /// The records as they are believed to be.
  private(set) var base: [Key: StoredRecord]
  /// The keys whose records were read after the commit began; those of others are guessed.
  private let fresh: Set<Key>
  private let guess: (Key) -> StoredRecord?

  /// What the transactions leave in the records that they write; nil for a removal.
  private(set) var written: [Key: String?] = [:]
  /// The records that the conditions rely on.
  private(set) var checked: Set<Key> = []
  /// The keys whose records must be read before the plan can be made.
  private(set) var missing: Set<Key> = []
  /// Whether the first transaction takes more records than a transaction of DynamoDB.
  private(set) var isLong = false
  /// For each transaction of the plan, whether its conditions hold.
  private(set) var outcomes: [Bool] = []
  private var changes: [(key: Key, value: String?)] = []

  init(
    _ base: [Key: StoredRecord], fresh: Set<Key>, guess: @escaping (Key) -> StoredRecord?
  ) {
    (self.base, self.fresh, self.guess) = (base, fresh, guess)
  }

  /// The records that must still be as they are believed to be.
  var keys: Set<Key> { checked.union(written.keys) }

  /// Adds a transaction, unless there is no room for it beside the others.
  /// - Returns: Whether it was added.
  mutating func add(
    _ transaction: CheckedTransaction, _ value: (ContentVersion?) throws(AWSError) -> String?
  ) throws(AWSError) -> Bool {
    let own = Set(transaction.changes.map(\.key) + transaction.conditions.map(\.key))
    guard keys.union(own).count <= Self.recordLimit || outcomes.isEmpty else { return false }
    var holds = true
    for (key, wanted) in transaction.conditions {
      guard let (current, isCertain) = try current(key, wanted, value) else { continue }
      guard !isIdentical(current, wanted) else { continue }
      holds = false
      if !isCertain { missing.insert(key) }
    }
    outcomes.append(holds)
    guard holds else { return true }
    isLong = isLong || own.count > Self.recordLimit
    for (key, _) in transaction.conditions { checked.insert(key) }
    for (key, entry) in transaction.changes { change(key, entry.value) }
    return true
  }

  /// Adds the removal of a record that exists.
  mutating func remove(_ record: StoredRecord) {
    base[record.key] = record
    change(record.key, nil)
  }

  /// The value of a key after the transactions so far, and whether it is certain; nil if it must be read.
  private mutating func current(
    _ key: Key, _ wanted: String?, _ value: (ContentVersion?) throws(AWSError) -> String?
  ) throws(AWSError) -> (value: String?, isCertain: Bool)? {
    if let written = written[key] { return (written, true) }
    let record = base[key] ?? guess(key) ?? (wanted == nil ? StoredRecord(key, nil) : nil)
    guard let record, record.staged == nil else {
      missing.insert(key)
      return nil
    }
    base[key] = record
    return (try value(record.version), fresh.contains(key))
  }

  private mutating func change(_ key: Key, _ value: String?) {
    if base[key] == nil { base[key] = guess(key) ?? StoredRecord(key, nil) }
    written.updateValue(value, forKey: key)
    changes.append((key, value))
  }

  /// The changes for the log: the value of one that a later one replaces, and only that, is in it.
  var logged: [LogEntry.LoggedChange] {
    var later: Set<Key> = []
    return changes.reversed().map { key, value in
      let isLast = later.insert(key).inserted
      return LogEntry.LoggedChange(
        key: key, isRemoval: value == nil, value: isLast ? nil : value)
    }.reversed()
  }
}

/// Whether two texts have the same bytes.
private func isIdentical(_ one: String?, _ other: String?) -> Bool {
  guard let one, let other else { return one == nil && other == nil }
  return one.utf8.elementsEqual(other.utf8)
}
