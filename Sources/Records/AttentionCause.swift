/// Why something needs a person's attention.
public enum AttentionCause: String, Sendable, CaseIterable, Comparable {
  /// A run failed.
  case failed
  /// A change may or may not have happened; a person must settle it.
  case inDoubt = "in_doubt"
  /// A change waits for a person, or for what the policy says.
  case held
  /// A run ended without syncing what it was to sync.
  case notSynced = "not_synced"
  /// An event was accepted and cannot be read.
  case unreadable
  /// A connection is paused: its app refused the key, or a person paused it.
  case paused
  /// A connection or step does not answer, and its runs wait.
  case tripped
  /// A lane has waited for more than an hour.
  case waiting
  /// No webhook has come from an account for longer than the setting `silence` allows.
  case silent
  /// What webhooks did not bring cannot be read.
  case behind
  /// Scheduled work failed, or found what a person must look at.
  case schedule
  /// The disk is nearly full.
  case disk
  /// The clock has jumped, and nothing old is removed.
  case clock
  /// No process executes the runs.
  case notServed = "not_served"

  /// The cause as a heading, such as `Not synced`.
  public var title: String {
    let words = rawValue.replacing("_", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  /// What it means, a clause for the heading of a list.
  public var meaning: String {
    switch self {
    case .failed: "runs that cannot go on"
    case .inDoubt: "changes that may have happened"
    case .held: "changes that do not leave before somebody, or the time, lets them"
    case .notSynced: "runs that left something to a person"
    case .unreadable: "events that were accepted and cannot be read"
    case .paused: "connections whose app refused the key, or that a person paused; their runs wait"
    case .tripped: "connections and steps that do not answer"
    case .waiting: "customers whose runs have waited for more than an hour"
    case .silent: "accounts that have sent nothing for too long"
    case .behind: "accounts whose events cannot be read"
    case .schedule: "scheduled work that failed, or found something"
    case .disk: "room on the disk"
    case .clock: "a clock that may be wrong"
    case .notServed: "runs that nobody executes"
    }
  }

  /// The order of the lists: the cause that costs most comes first.
  public static func < (one: AttentionCause, other: AttentionCause) -> Bool {
    let all = allCases
    return (all.firstIndex(of: one) ?? 0) < (all.firstIndex(of: other) ?? 0)
  }
}
