import Synchronization

/// A transaction that waits for its outcome.
package final class PendingCommit: Sendable {
  package let transaction: CheckedTransaction
  private let completion: (@Sendable (Result<Bool, StoreError>) -> Void)?
  private let outcome = Mutex<Result<Bool, StoreError>?>(nil)

  /// - Throws: `badKey`, `badValue`.
  package init(
    _ transaction: Transaction, _ completion: (@Sendable (Result<Bool, StoreError>) -> Void)? = nil
  ) throws(StoreError) {
    self.transaction = try CheckedTransaction(transaction)
    self.completion = completion
  }

  package var isResolved: Bool { outcome.withLock { $0 != nil } }

  /// Sets the outcome; the first one stays.
  package func resolve(_ result: Result<Bool, StoreError>) {
    outcome.withLock { $0 = $0 ?? result }
  }

  /// Calls the completion with the outcome.
  package func notify() {
    completion?(Result { () throws(StoreError) in try result() })
  }

  /// The outcome: whether the conditions held.
  package func result() throws(StoreError) -> Bool {
    guard let result = outcome.withLock({ $0 }) else {
      throw .closed(because: "a transaction has no outcome")
    }
    return try result.get()
  }
}
