/// A transaction with valid keys and values, in the types of the files.
package struct CheckedTransaction: Sendable {
  package private(set) var changes: [(key: Key, entry: Entry)] = []
  package private(set) var conditions: [(key: Key, value: String?)] = []

  /// Checks a transaction.
  /// - Throws: `badKey`, `badValue`.
  package init(_ transaction: Transaction) throws(StoreError) {
    changes.reserveCapacity(transaction.changes.count)
    for change in transaction.changes {
      switch change {
      case .put(let key, let value):
        changes.append((try Key(checking: key), try Entry(checking: value)))
      case .remove(let key): changes.append((try Key(checking: key), .removed))
      }
    }
    for condition in transaction.conditions {
      switch condition {
      case .absent(let key): conditions.append((try Key(checking: key), nil))
      case .equals(let key, let value): conditions.append((try Key(checking: key), value))
      }
    }
  }

  /// The approximate size of the changes in bytes.
  var size: Int {
    changes.reduce(0) { sum, change in
      sum + change.key.bytes.count + (change.entry.value?.utf8.count ?? 0) + 16
    }
  }

  /// Whether all conditions hold for the values that a closure returns.
  func holds(
    _ value: (Key) throws(StoreError) -> String?
  ) throws(StoreError) -> Bool {
    for (key, wanted) in conditions {
      guard isIdentical(try value(key), wanted) else { return false }
    }
    return true
  }
}

/// Whether two texts have the same bytes: `==` ignores differences of Unicode normalization.
private func isIdentical(_ left: String?, _ right: String?) -> Bool {
  guard let left, let right else { return left == nil && right == nil }
  return left.utf8.elementsEqual(right.utf8)
}
