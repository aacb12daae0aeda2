import Dispatch
import Store
import Synchronization

/// Collects the transactions that threads commit at the same time, to send them with one request.
final class CommitQueue: Sendable {
  private let waiting = Mutex<[PendingCommit]>([])
  private let turn = Mutex(())
  private let queue = DispatchQueue(label: "meterbridge.dynamodb")
  private let perform: @Sendable ([PendingCommit]) -> Void

  /// The seconds that a commit in the background waits for others.
  private static let delay = 0.005

  /// A queue that performs commits by a closure, which resolves all of them and runs once at a time.
  init(_ perform: @escaping @Sendable ([PendingCommit]) -> Void) { self.perform = perform }

  func commit(_ transaction: Transaction) throws(StoreError) -> Bool {
    let commit = try PendingCommit(transaction)
    waiting.withLock { $0.append(commit) }
    // While this thread waits for its turn, another can perform its commit
    performWaiting { commit.isResolved }
    return try commit.result()
  }

  func commit(each transactions: [Transaction]) -> [Result<Bool, StoreError>] {
    let commits = transactions.map { transaction in
      Result { () throws(StoreError) in try PendingCommit(transaction) }
    }
    let valid = commits.compactMap { try? $0.get() }
    waiting.withLock { $0 += valid }
    performWaiting { valid.last?.isResolved ?? true }
    return commits.map { commit in
      Result { () throws(StoreError) in try commit.get().result() }
    }
  }

  func commit(
    _ transaction: Transaction,
    then completion: @escaping @Sendable (Result<Bool, StoreError>) -> Void
  ) throws(StoreError) {
    let commit = try PendingCommit(transaction, completion)
    let isFirst = waiting.withLock { waiting in
      waiting.append(commit)
      return waiting.count == 1
    }
    if isFirst {
      queue.asyncAfter(deadline: .now() + Self.delay) { [self] in
        performWaiting { commit.isResolved }
      }
    }
  }

  /// Does something else in a turn of its own.
  func inTurn(_ body: () -> Void) { turn.withLock { _ in body() } }

  private func performWaiting(unless isDone: () -> Bool) {
    var commits: [PendingCommit] = []
    turn.withLock { _ in
      guard !isDone() else { return }
      waiting.withLock { swap(&$0, &commits) }
      perform(commits)
    }
    for commit in commits { commit.notify() }
  }
}
