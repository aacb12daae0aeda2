import Records
import Setup
import Values

/// The webhooks that were accepted and could not be read.
struct UnreadableWebhooks: AttentionSource {
  let home: Home
  let isQuick = true

  func present(at now: Timestamp) throws(Problem) -> [AttentionCandidate] {
    try UnreadableEvents(home: home).entries().map { event in
      AttentionCandidate(cause: .unreadable, subject: event.id) {
        AttentionItem(
          .unreadable, event.id, since: event.at,
          reason: "\(event.size) bytes to \(event.connection) could not be read: \(event.reason)",
          command: "meterbridge event show \(event.id.prefix(8))")
      }
    }
  }
}
