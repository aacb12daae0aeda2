import StepKit
import Values

/// Where the site's webhooks go, as its API sets it up: the first endpoint that is not disabled gets
/// them.
extension Chargebee {
  /// The most endpoints that a site may have.
  private static let mostEndpoints = 5

  mutating func createWebhookEndpoint(
    _ order: Order, _ scene: inout Scene
  ) throws(ChargebeeError) -> JSON {
    guard webhookEndpoints.count < Self.mostEndpoints else {
      throw .state("a site has at most \(Self.mostEndpoints) webhook endpoints")
    }
    let id = scene.ids.chargebee("whk_")
    webhookEndpoints[id] = Members([
      "id": .string(id), "disabled": false, "primary_url": false, "send_card_resource": false,
      "api_version": "v2", "object": "webhook_endpoint",
    ])
    return try change(id, order, &scene)
  }

  mutating func updateWebhookEndpoint(
    _ order: Order, _ scene: inout Scene
  ) throws(ChargebeeError) -> JSON {
    try change(order.id, order, &scene)
  }

  mutating func deleteWebhookEndpoint(
    _ order: Order, _ scene: inout Scene
  ) throws(ChargebeeError) -> JSON {
    guard let endpoint = webhookEndpoints[order.id] else {
      throw .missing("webhook_endpoint", order.id)
    }
    webhookEndpoints[order.id] = nil
    webhookPasswords[order.id] = nil
    aim(&scene)
    return .object(["webhook_endpoint": .object(endpoint)])
  }

  // MARK: Private

  private mutating func change(
    _ id: String, _ order: Order, _ scene: inout Scene
  ) throws(ChargebeeError) -> JSON {
    guard var endpoint = webhookEndpoints[id] else { throw .missing("webhook_endpoint", id) }
    for name in ["name", "url", "api_version", "chargebee_response_schema_type"] {
      if let text = order.text(name) { endpoint[name] = .string(text) }
    }
    for name in ["disabled", "primary_url", "send_card_resource"] {
      if let flag = order.flag(name) { endpoint[name] = .bool(flag) }
    }
    if let name = order.text("basic_auth_username") {
      endpoint["basic_auth_username"] = .string(name)
    }
    let events = order.texts("enabled_events")
    if !events.isEmpty { endpoint["enabled_events"] = .array(events.map { .string($0) }) }
    if let password = order.text("basic_auth_password") { webhookPasswords[id] = password }
    webhookEndpoints[id] = endpoint
    aim(&scene)
    return .object(["webhook_endpoint": .object(endpoint)])
  }

  private func aim(_ scene: inout Scene) {
    guard let first = webhookEndpoints.all.first(where: { $0["disabled"] != true }) else {
      scene.post.settings[Self.name] = nil
      return
    }
    var settings = WebhookSettings(
      url: first.text("url"), username: first["basic_auth_username"]?.string,
      password: webhookPasswords[first.text("id")] ?? "")
    let events = first["enabled_events"]?.array?.compactMap(\.string)
    settings.events = events.map { Set($0) }
    scene.post.settings[Self.name] = settings
  }
}
