/// The transactions that are written together: each sees what those before it do.
struct Batch {
  /// What the first of the records say of each key, and how many those are: as many as there were
  /// when a condition last asked.
  private var pending: [Key: Entry] = [:]
  private var known = 0
  private(set) var lines = Lines()
  private(set) var records: [(key: Key, entry: Entry)] = []

  /// Makes room for the lines of some transactions.
  mutating func reserve(for tickets: [Ticket]) {
    lines.reserve(tickets.reduce(0) { sum, ticket in sum + ticket.size })
  }

  /// Takes a transaction in if its conditions hold after all that is in a view and in the batch.
  ///
  /// The batch does not keep the view: with a second owner, adding to it would copy it.
  /// - Returns: Whether they hold.
  mutating func admit(_ ticket: Ticket, on view: View) throws(StoreError) -> Bool {
    for (key, wanted) in ticket.conditions {
      guard isSame(try value(key, view), wanted) else { return false }
    }
    for (key, entry) in ticket.changes {
      lines.add(key, entry)
      records.append((key, entry))
    }
    return true
  }

  // MARK: Private

  private mutating func value(_ key: Key, _ view: View) throws(StoreError) -> String? {
    for record in records[known...] { pending[record.key] = record.entry }
    known = records.count
    if let entry = pending[key] { return entry.value }
    return try view.value(key)
  }
}

/// Whether two texts are the same, byte for byte: `==` would take two spellings of an é for one.
private func isSame(_ left: String?, _ right: String?) -> Bool {
  guard let left, let right else { return left == nil && right == nil }
  return left.utf8.elementsEqual(right.utf8)
}
