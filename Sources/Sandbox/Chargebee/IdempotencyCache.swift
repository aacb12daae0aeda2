import HTTPTypes
import Values

/// The replies to calls with an idempotency key, kept for 30 minutes:
/// https://apidocs.chargebee.com/docs/api/idempotency.
struct IdempotencyCache: Sendable {
  private struct Entry {
    let content: String
    let reply: Reply
    let at: Timestamp
  }

  private static let seconds = 30 * 60
  private var entries: [String: Entry] = [:]

  /// The stored reply; nil if the call is new.
  mutating func reply(to call: IdempotentCall, at now: Timestamp) throws(ChargebeeError) -> Reply? {
    guard let key = call.key else { return nil }
    guard call.method == "POST" else {
      throw .wrong("chargebee-idempotency-key", "goes with a POST only")
    }
    guard (1...100).contains(key.count) else {
      throw .wrong("chargebee-idempotency-key", "should be at most 100 characters")
    }
    entries = entries.filter { now < $0.value.at.adding(seconds: Self.seconds) }
    guard let entry = entries[key] else { return nil }
    guard entry.content == call.content else {
      throw ChargebeeError(
        status: 422, code: "unable_to_process_request",
        message: "the idempotency key was used with other parameters")
    }
    var reply = entry.reply
    reply.headers["chargebee-idempotency-replayed"] = "true"
    return reply
  }

  mutating func keep(_ reply: Reply, for call: IdempotentCall, at now: Timestamp, withErrors: Bool)
  {
    guard let key = call.key, reply.status < 400 || (withErrors && reply.status < 500) else {
      return
    }
    entries[key] = Entry(content: call.content, reply: reply, at: now)
  }
}
