import StepKit
import Values

extension Chargebee {
  /// Stores an event and has it sent.
  mutating func announce(
    _ type: String, _ content: Members, by cause: Cause, _ scene: inout Scene
  ) {
    let id = scene.ids.chargebee("ev_")
    let isWanted = scene.post.settings[Self.name]?.events?.contains(type) ?? true
    let isSent = !cause.isQuiet && scene.post.hasTarget(Self.name) && isWanted
    let status =
      !scene.post.hasTarget(Self.name) ? "not_configured" : isSent ? "scheduled" : "disabled"
    var event = Members([
      "id": .string(id), "occurred_at": .int(scene.now.seconds),
      "source": .string(cause.source.rawValue), "object": "event",
      "api_version": .string(settings.eventVersion),
      "content": .object(content.mapValues { $0.object.map { .object(thinned($0)) } ?? $0 }),
      "event_type": .string(type), "webhook_status": .string(status),
    ])
    switch cause.source {
    case .api: event["user"] = .string(settings.keyName)
    case .console: event["user"] = "ops@vendor.example"
    case .job, .system: break
    }
    if isSent {
      event["webhooks"] = [
        ["id": .string(webhookID), "webhook_status": "scheduled", "object": "webhook"]
      ]
    }
    events[id] = event
    if isSent { scene.post.send(.object(event), id: id, from: Self.name, at: scene.now) }
  }

  /// Sends an event once more, as a person can at any time.
  func resend(_ id: String, _ scene: inout Scene) throws(SandboxError) -> JSON {
    guard let event = events[id] else { throw SandboxError("event \(id) is not known") }
    scene.post.send(.object(event), id: id, from: Self.name, at: scene.now)
    return .object(event)
  }

  /// Makes an event of any kind, with whatever content.
  mutating func emit(_ wish: JSON, _ scene: inout Scene) throws(SandboxError) -> JSON {
    let wish = try Wish(wish, "event_type", "content")
    guard let content = wish["content"].object else {
      throw SandboxError("content must be an object")
    }
    announce(try wish.text("event_type"), content, by: Cause(source: .system), &scene)
    return events.all.last.map(JSON.object) ?? .null
  }

  /// An invoice as lists and events carry it where its lines are paged; anything else as it is.
  func thinned(_ object: Members) -> Members {
    guard settings.pagesLineItems, object.text("object") == "invoice",
      let first = object["line_items"]?.array?.first
    else { return object }
    var thin = object
    thin["line_items"] = []
    thin["line_items_next_offset"] = first["id"]
    return thin
  }

  /// Notes on an event what became of its webhook.
  mutating func note(delivery status: String, of id: String) {
    guard var event = events[id] else { return }
    event["webhook_status"] = .string(status)
    event["webhooks"] = [
      ["id": .string(webhookID), "webhook_status": .string(status), "object": "webhook"]
    ]
    events[id] = event
  }

  // MARK: Private

  private var webhookID: String { "whv2_sandbox" }
}
