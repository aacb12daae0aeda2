import Values

extension Chargebee {
  /// Stores an event and sends its webhook.
  mutating func announce(_ type: String, _ content: Members, by cause: Cause) {
    let id = context.ids.chargebee("ev_")
    let webhook = context.outbox.settings[Self.name]
    let isSent = !cause.isQuiet && webhook != nil && webhook?.events?.contains(type) ?? true
    let status = webhook == nil ? "not_configured" : isSent ? "scheduled" : "disabled"
    var event = Members([
      "id": .string(id), "occurred_at": .int(context.now.seconds),
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
      event["webhooks"] = Self.webhooks(status)
    }
    events[id] = event
    if isSent { context.outbox.send(.object(event), event: id, from: Self.name, at: context.now) }
  }

  /// Sends the webhook of an event again, as the console can.
  mutating func resend(_ id: String) throws(SandboxError) -> JSON {
    guard let event = events[id] else { throw SandboxError("event \(id) is not known") }
    context.outbox.send(.object(event), event: id, from: Self.name, at: context.now)
    return .object(event)
  }

  /// Emits an event of any type with any content.
  mutating func emit(_ body: JSON) throws(SandboxError) -> JSON {
    let request = try ControlRequest(body, "event_type", "content")
    guard let content = request["content"].object else {
      throw SandboxError("content must be an object")
    }
    announce(try request.text("event_type"), content, by: Cause(source: .system))
    return events.all.last.map(JSON.object) ?? .null
  }

  /// An invoice as lists and events contain it if its lines are paged; other objects unchanged.
  func thinned(_ object: Members) -> Members {
    guard settings.pagesLineItems, object.text("object") == "invoice",
      let first = object["line_items"]?.array?.first
    else { return object }
    var thin = object
    thin["line_items"] = []
    thin["line_items_next_offset"] = first["id"]
    return thin
  }

  /// Sets the webhook status of an event.
  mutating func note(delivery status: String, of id: String) {
    guard var event = events[id] else { return }
    event["webhook_status"] = .string(status)
    event["webhooks"] = Self.webhooks(status)
    events[id] = event
  }

  // MARK: Private

  private static func webhooks(_ status: String) -> JSON {
    [["id": "whv2_sandbox", "webhook_status": .string(status), "object": "webhook"]]
  }
}
