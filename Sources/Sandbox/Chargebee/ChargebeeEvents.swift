import Step

extension Chargebee {
  /// Stores an event and has it sent.
  mutating func announce(
    _ type: String, _ content: Members, by cause: Cause, _ scene: inout Scene
  ) {
    let id = scene.ids.chargebee("ev_")
    let isSent = !cause.isQuiet && scene.post.hasTarget(Self.name)
    let status =
      !scene.post.hasTarget(Self.name) ? "not_configured" : isSent ? "scheduled" : "disabled"
    var event = Members([
      "id": .string(id), "occurred_at": .int(scene.now.seconds),
      "source": .string(cause.source.rawValue), "object": "event", "api_version": "v2",
      "content": .object(content), "event_type": .string(type), "webhook_status": .string(status),
    ])
    switch cause.source {
    case .api: event["user"] = .string(settings.keyName)
    case .console: event["user"] = "ops@vendor.example"
    case .job: break
    }
    if isSent {
      event["webhooks"] = [
        ["id": .string(webhookID), "webhook_status": "scheduled", "object": "webhook"]
      ]
    }
    events[id] = event
    if isSent { scene.post.send(.object(event), id: id, from: Self.name, at: scene.now) }
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
