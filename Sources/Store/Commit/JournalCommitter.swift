/// Writes transactions to the journal, those of a batch with one sync.
struct JournalCommitter: CommitPerformer {
  let writer: JournalWriter
  let compactor: Compactor

  func inTurn(_ body: () -> Void) { writer.lock.withThreadLock(body) }

  func hasPerformed() { compactor.compactIfDue() }

  func perform(_ commits: [PendingCommit]) {
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
