import Dispatch
import Synchronization

/// Collects the transactions that threads commit at the same time, to perform them together: with one sync of a
/// file, or with one request.
package final class CommitQueue<Performer: CommitPerformer>: Sendable {
  package let performer: Performer
  let waiting = Mutex<[PendingCommit]>([])
  private let queue: DispatchQueue

  /// The seconds that a commit in the background waits for others.
  private static var delay: Double { 0.005 }

  /// A queue for a performer; the label is that of its background thread.
  package init(_ performer: Performer, label: String) {
    self.performer = performer
    queue = DispatchQueue(label: label)
  }

  /// Commits a transaction, and returns whether its conditions held.
  package func commit(_ transaction: Transaction) throws(StoreError) -> Bool {
    let commit = try PendingCommit(transaction)
    waiting.withLock { $0.append(commit) }
    // While this thread waits for its turn, another can perform its commit
    performWaiting { commit.isResolved }
    return try commit.result()
  }

  /// Commits transactions in their order, each for itself.
  package func commit(each transactions: [Transaction]) -> [Result<Bool, StoreError>] {
    let commits = transactions.map { transaction in
      Result { () throws(StoreError) in try PendingCommit(transaction) }
    }
    let valid = commits.compactMap { try? $0.get() }
    waiting.withLock { $0 += valid }
    // They are added together, so one thread performs all of them
    performWaiting { valid.last?.isResolved ?? true }
    return commits.map { commit in
      Result { () throws(StoreError) in try commit.get().result() }
    }
  }

  /// Commits a transaction in the background, together with others that follow.
  package func commit(
    _ transaction: Transaction,
    then completion: @escaping @Sendable (Result<Bool, StoreError>) -> Void
  ) throws(StoreError) {
    let commit = try PendingCommit(transaction, completion)
    let isFirst = waiting.withLock { waiting in
      waiting.append(commit)
      return waiting.count == 1
    }
    // The first one also performs those after it. A synchronous commit may do so before the delay
    if isFirst {
      queue.asyncAfter(deadline: .now() + Self.delay) { [self] in
        performWaiting { commit.isResolved }
      }
    }
  }

  /// Performs all waiting commits when the turn of this thread comes, unless it has nothing to do then.
  private func performWaiting(unless isDone: () -> Bool) {
    var commits: [PendingCommit] = []
    performer.inTurn {
      guard !isDone() else { return }
      waiting.withLock { swap(&$0, &commits) }
      performer.perform(commits)
    }
    for commit in commits { commit.notify() }
    performer.hasPerformed()
  }
}
