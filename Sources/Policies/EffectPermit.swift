import Setup
public import Store
public import Values

/// The permission of a change to leave, with the changes that are to be committed with it.
///
/// The ledger keeps ``json`` with the change: what operators have let go once need not be granted again when
/// the app is busy, and what was counted is not counted twice.
public struct EffectPermit: Sendable {
  /// The digest of a change that operators have let go, and until when they have.
  let granted: (digest: String, until: Timestamp)?
  let counted: Spending.Counted?
  private var changes: [Change] = []
  private var conditions: [Condition] = []

  init(granted: (digest: String, until: Timestamp)?, counted: Spending.Counted?) {
    (self.granted, self.counted) = (granted, counted)
  }

  /// Reads what ``json`` is.
  init(_ json: JSON) {
    granted = json["digest"].string.flatMap { digest in
      json["until"].time.map { (digest, $0) }
    }
    counted = Spending.Counted(json["counted"])
  }

  /// What the ledger keeps; null for nothing.
  public var json: JSON {
    guard granted != nil || counted != nil else { return .null }
    return .members([
      "digest": .text(granted?.digest), "until": .text(granted?.until.text),
      "counted": counted?.json,
    ])
  }

  /// Adds the changes, and the conditions on which the permission rests, to a transaction.
  public func add(to transaction: inout Transaction) {
    transaction.changes += changes
    transaction.conditions += conditions
  }

  /// Replaces a record that has a text, or none, or removes it.
  mutating func replace(_ key: String, _ text: String?, with json: JSON?) {
    conditions.append(text.map { .equals(key, $0) } ?? .absent(key))
    if let json {
      changes.append(.put(key, json))
    } else if text != nil {
      changes.append(.remove(key))
    }
  }
}
