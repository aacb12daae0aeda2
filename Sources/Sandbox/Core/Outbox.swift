import FoundationEssentials
import HTTPClient
import HTTPTypes
import Values

/// The webhooks to deliver, and the attempts made so far.
///
/// A webhook is retried until the receiver answers 2xx, at most seven times, after the delays that
/// Chargebee publishes: https://support.chargebee.com/support/solutions/articles/257941. Togai
/// publishes none; its webhooks follow the same schedule.
struct Outbox: Sendable {
  private struct Webhook: Sendable {
    let number: Int
    let app: String
    let event: String
    let body: JSON
    var attempts = 0
    var due: Timestamp
    var isInFlight = false
  }

  private static let delays = [2, 6, 30, 60, 5 * 60, 24 * 60, 48 * 60].map { $0 * 60 }

  /// The webhook settings by app; an app without settings sends no webhooks.
  var settings: [String: WebhookSettings] = [:]
  /// The attempts made, as the control API shows them.
  private(set) var attempts: [JSON] = []
  private var waiting: [Webhook] = []
  private var held: Set<String> = []
  private var numbers = 0

  mutating func send(_ body: JSON, event: String, from app: String, at now: Timestamp) {
    guard let settings = settings[app] else { return }
    for _ in 0..<max(1, settings.copies) {
      numbers += 1
      waiting.append(Webhook(number: numbers, app: app, event: event, body: body, due: now))
    }
  }

  mutating func hold(_ app: String) { held.insert(app) }
  mutating func release(_ app: String) { held.remove(app) }

  /// Marks the due webhooks as in flight and returns them in the order of sending.
  mutating func takeDue(at now: Timestamp) -> [Delivery] {
    var due: [Delivery] = []
    var seed: UInt64?
    for index in waiting.indices where !waiting[index].isInFlight && waiting[index].due <= now {
      let webhook = waiting[index]
      guard !held.contains(webhook.app), let settings = settings[webhook.app] else { continue }
      waiting[index].isInFlight = true
      seed = seed ?? settings.shuffle
      due.append(Self.delivery(of: webhook, settings))
    }
    guard let seed else { return due }
    var random = Identifiers(seed: seed)
    let ranks = due.map { _ in random.next() }
    return zip(due, ranks).sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// Records the outcome of an attempt and returns the event's new webhook status.
  mutating func finish(
    _ delivery: Delivery, outcome: String, isAccepted: Bool, at now: Timestamp
  ) -> String {
    guard let index = waiting.firstIndex(where: { $0.number == delivery.number }) else {
      return "failed"
    }
    waiting[index].isInFlight = false
    waiting[index].attempts = delivery.attempt
    attempts.append([
      "app": .string(delivery.app), "id": .string(delivery.event),
      "try": .number(Numeral(delivery.attempt)), "outcome": .string(outcome),
    ])
    guard !isAccepted, delivery.attempt <= Self.delays.count else {
      waiting.remove(at: index)
      return isAccepted ? "succeeded" : "failed"
    }
    waiting[index].due = now.adding(seconds: Self.delays[delivery.attempt - 1])
    return "re_scheduled"
  }

  /// The time of the next attempt; nil if no webhook waits.
  var nextDue: Timestamp? {
    waiting.filter { !$0.isInFlight && !held.contains($0.app) }.map(\.due).min()
  }

  /// Whether no webhook is due or in flight, apart from held ones.
  func isQuiet(at now: Timestamp) -> Bool {
    waiting.allSatisfy { !$0.isInFlight && ($0.due > now || held.contains($0.app)) }
  }

  // MARK: Private

  private static func delivery(of webhook: Webhook, _ settings: WebhookSettings) -> Delivery {
    var request = ClientRequest("POST", settings.url, body: webhook.body.bytes)
    request.headers = ["Content-Type": "application/json;charset=utf-8"]
    request.timeout = settings.timeout
    if let name = settings.username {
      let credentials = Data("\(name):\(settings.password)".utf8).base64EncodedString()
      request.headers.add("Authorization", "Basic " + credentials)
    }
    return Delivery(
      app: webhook.app, event: webhook.event, attempt: webhook.attempts + 1, request: request,
      number: webhook.number)
  }
}
