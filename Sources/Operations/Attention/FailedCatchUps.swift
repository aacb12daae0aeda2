import Records
import Setup
import Values

/// The accounts that cannot be read for what webhooks did not bring, for more than an hour.
struct FailedCatchUps: AttentionSource {
  let home: Home
  let isQuick = true

  /// The time after which a failure counts, in seconds.
  private static let limit = 3600

  func present(at now: Timestamp) throws(Problem) -> [AttentionCandidate] {
    try home.documents(below: StoreKey.cursor.prefix).compactMap { (key, document) in
      guard let failure = PollCursor(document)?.failure,
        failure.since <= now.adding(seconds: -Self.limit)
      else { return nil }
      let name = StoreKey.cursor.name(in: key)
      return AttentionCandidate(cause: .behind, subject: name) {
        AttentionItem(
          .behind, name, since: failure.since,
          reason: "what webhooks did not bring cannot be read: \(failure.reason)",
          command: "meterbridge catch-up")
      }
    }
  }
}
