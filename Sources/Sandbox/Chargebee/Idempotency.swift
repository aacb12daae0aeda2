import HTTPTypes
import StepKit
import Values

/// The answers to calls with an idempotency key, for thirty minutes.
struct Idempotency: Sendable {
  /// A call as far as the key is concerned.
  struct Work: Sendable {
    let method: String
    let key: String?
    /// Method, path and parameters in one text, whatever their order.
    let content: String

    init(_ call: Call, fields: [Field]) {
      method = call.method
      key = call.headers["chargebee-idempotency-key"]
      let sorted = fields.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }.sorted()
      content =
        "\(call.method) /\(call.path.joined(separator: "/"))?" + sorted.joined(separator: "&")
    }
  }

  private struct Entry {
    let content: String
    let reply: Reply
    let at: Timestamp
  }

  private static let seconds = 30 * 60
  private var entries: [String: Entry] = [:]

  /// The stored answer, or nil where the call is a new one.
  mutating func answer(to work: Work, at now: Timestamp) throws(ChargebeeError) -> Reply? {
    guard let key = work.key else { return nil }
    guard work.method == "POST" else {
      throw .wrong("chargebee-idempotency-key", "goes with a POST only")
    }
    guard (1...100).contains(key.count) else {
      throw .wrong("chargebee-idempotency-key", "should be at most 100 characters")
    }
    entries = entries.filter { now < $0.value.at.adding(seconds: Self.seconds) }
    guard let entry = entries[key] else { return nil }
    guard entry.content == work.content else {
      throw ChargebeeError(
        status: 422, code: "unable_to_process_request",
        message: "the idempotency key was used with other parameters")
    }
    var reply = entry.reply
    reply.headers["chargebee-idempotency-replayed"] = "true"
    return reply
  }

  mutating func keep(_ reply: Reply, for work: Work, at now: Timestamp, withErrors: Bool) {
    guard let key = work.key, reply.status < 400 || (withErrors && reply.status < 500) else {
      return
    }
    entries[key] = Entry(content: work.content, reply: reply, at: now)
  }
}
