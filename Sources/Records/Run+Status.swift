import FoundationEssentials

extension Run {
  /// The state of a run.
  public enum Status: String, Sendable, CaseIterable {
    /// It has steps to go, now or when it is due.
    case pending
    /// All steps are done.
    case success
    /// A step had nothing to do.
    case stopped
    /// A step did not sync something, and a person must decide.
    case notSynced = "not_synced"
    /// It cannot go on; a person must look.
    case failed
    /// A person ended it before it was done.
    case canceled
    /// A change may or may not have happened; a person must settle it with `run settle`.
    case parked

    /// The status in the activity log, such as `Not Synced`.
    public var title: String {
      rawValue.split(separator: "_").map(\.capitalized).joined(separator: " ")
    }
  }

  /// What a pending run waits for.
  public enum WaitReason: String, Sendable {
    /// A person: a change is held, all changes are stopped, the connection is paused, its key does not open,
    /// or the flow connection is disabled.
    case person
    /// The next attempt, after trouble or because a step asked for it.
    case retry
    /// The app's rate limit.
    case limit
    /// Another run, which makes the same thing.
    case run
  }
}
