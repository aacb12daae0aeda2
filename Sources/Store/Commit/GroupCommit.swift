import Dispatch
import Synchronization

/// Collects the transactions that threads commit at the same time, to write them with one sync.
final class GroupCommit: Sendable {
  private let writer: JournalWriter
  private let compactor: Compactor
  let waiting = Mutex<[PendingCommit]>([])
  private let queue = DispatchQueue(label: "meterbridge.store")

  /// The seconds that a commit in the background waits for others.
  private static let delay = 0.005

  init(_ writer: JournalWriter, _ compactor: Compactor) {
    self.writer = writer
    self.compactor = compactor
  }

  func commit(_ transaction: Transaction) throws(StoreError) -> Bool {
    let commit = try PendingCommit(transaction)
    waiting.withLock { $0.append(commit) }
    // While this thread waits for its turn, another can perform its commit.
    performWaiting { commit.isResolved }
    return try commit.result()
  }

  func commit(each transactions: [Transaction]) -> [Result<Bool, StoreError>] {
    let commits = transactions.map { transaction in
      Result { () throws(StoreError) in try PendingCommit(transaction) }
    }
    let valid = commits.compactMap { try? $0.get() }
    waiting.withLock { $0 += valid }
    // They are added together, so one thread performs all of them.
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
    // The first one also performs those after it. A synchronous commit may do so before the delay.
    if isFirst {
      queue.asyncAfter(deadline: .now() + Self.delay) { [self] in
        performWaiting { commit.isResolved }
      }
    }
  }

  // MARK: Private

  /// Performs all waiting commits when the turn of this thread comes, unless it has nothing to do then.
  private func performWaiting(unless isDone: () -> Bool) {
    var commits: [PendingCommit] = []
    writer.lock.withThreadLock {
      guard !isDone() else { return }
      waiting.withLock { swap(&$0, &commits) }
      perform(commits)
    }
    for commit in commits { commit.notify() }
    compactor.compactIfDue()
  }

  private func perform(_ commits: [PendingCommit]) {
    do {
      try writer.lock.withProcessLock { () throws(StoreError) in
        try writer.prepare()
        // A condition may depend on another commit of the batch, so none is resolved before the sync.
        let (batch, outcomes) = try evaluate(commits)
        if batch.lines.records > 0 { try writer.append(batch.lines, batch.records) }
        for (commit, outcome) in zip(commits, outcomes) { commit.resolve(outcome) }
      }
    } catch {
      for commit in commits { commit.resolve(.failure(error)) }
    }
  }

  private func evaluate(
    _ commits: [PendingCommit]
  ) throws(StoreError) -> (batch: Batch, outcomes: [Result<Bool, StoreError>]) {
    let snapshot = try writer.reader.current()
    var batch = Batch(reservingCapacityFor: commits)
    let outcomes = commits.map { commit in
      Result { () throws(StoreError) in try batch.add(commit.transaction, on: snapshot) }
    }
    return (batch, outcomes)
  }
}
