import Synchronization

/// A transaction on its way, and what became of it.
final class Ticket: Sendable {
  let changes: [(key: Key, entry: Entry)]
  let conditions: [(key: Key, value: String?)]
  private let listener: (@Sendable (Result<Bool, StoreError>) -> Void)?
  private let outcome = Mutex<Result<Bool, StoreError>?>(nil)

  /// Checks all keys and values.
  init(
    _ changes: [Change], _ conditions: [Condition],
    _ listener: (@Sendable (Result<Bool, StoreError>) -> Void)? = nil
  ) throws(StoreError) {
    self.listener = listener
    var checkedChanges: [(key: Key, entry: Entry)] = []
    for change in changes { checkedChanges.append(try change.entry()) }
    self.changes = checkedChanges
    var checkedConditions: [(key: Key, value: String?)] = []
    for condition in conditions { checkedConditions.append(try condition.wanted()) }
    self.conditions = checkedConditions
  }

  /// About how many bytes its lines take.
  var size: Int {
    changes.reduce(0) { sum, change in
      sum + change.key.bytes.count + (change.entry.value?.utf8.count ?? 0) + 16
    }
  }

  var isSettled: Bool { outcome.withLock { $0 != nil } }

  /// Says what became of it; what was said first stays.
  func settle(_ result: Result<Bool, StoreError>) {
    outcome.withLock { $0 = $0 ?? result }
  }

  /// Tells who listens what became of it.
  func tell() {
    guard let listener else { return }
    listener(Result { () throws(StoreError) in try result() })
  }

  /// What became of it: whether its conditions held.
  func result() throws(StoreError) -> Bool {
    guard let result = outcome.withLock({ $0 }) else {
      throw .closed(because: "a transaction was left without an answer")
    }
    return try result.get()
  }
}
