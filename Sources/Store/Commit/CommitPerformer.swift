/// Performs the commits that a ``CommitQueue`` has collected.
package protocol CommitPerformer: Sendable {
  /// Runs a closure while no other thread performs commits.
  func inTurn(_ body: () -> Void)

  /// Performs commits in their order, and resolves all of them; called in turn.
  func perform(_ commits: [PendingCommit])

  /// Called by the thread that performed commits, after its turn.
  func hasPerformed()
}
