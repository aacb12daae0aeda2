import Values

/// The site's webhook endpoints; the first that is not disabled receives the webhooks.
///
/// Source: https://apidocs.chargebee.com/docs/api/webhook_endpoints.
extension Chargebee {
  /// The maximum number of endpoints per site.
  private static let maxEndpoints = 5

  mutating func createWebhookEndpoint(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    guard webhookEndpoints.count < Self.maxEndpoints else {
      throw .state("a site has at most \(Self.maxEndpoints) webhook endpoints")
    }
    let id = context.ids.chargebee("whk_")
    webhookEndpoints[id] = Members([
      "id": .string(id), "disabled": false, "primary_url": false, "send_card_resource": false,
      "api_version": "v2", "object": "webhook_endpoint",
    ])
    return try change(id, request)
  }

  mutating func updateWebhookEndpoint(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    try change(request.id, request)
  }

  mutating func deleteWebhookEndpoint(_ request: ChargebeeRequest) throws(ChargebeeError) -> JSON {
    let endpoint = try find(request.id, in: webhookEndpoints, "webhook_endpoint")
    webhookEndpoints[request.id] = nil
    webhookPasswords[request.id] = nil
    updateReceiver()
    return .object(["webhook_endpoint": .object(endpoint)])
  }

  // MARK: Private

  private mutating func change(
    _ id: String, _ request: ChargebeeRequest
  ) throws(ChargebeeError) -> JSON {
    var endpoint = try find(id, in: webhookEndpoints, "webhook_endpoint")
    let texts = [
      "name", "url", "api_version", "chargebee_response_schema_type", "basic_auth_username",
    ]
    for name in texts {
      if let text = request.text(name) { endpoint[name] = .string(text) }
    }
    for name in ["disabled", "primary_url", "send_card_resource"] {
      if let flag = request.flag(name) { endpoint[name] = .bool(flag) }
    }
    let events = request.texts("enabled_events")
    if !events.isEmpty { endpoint["enabled_events"] = .array(events.map { .string($0) }) }
    if let password = request.text("basic_auth_password") { webhookPasswords[id] = password }
    webhookEndpoints[id] = endpoint
    updateReceiver()
    return .object(["webhook_endpoint": .object(endpoint)])
  }

  /// Sends webhooks to the first enabled endpoint.
  private mutating func updateReceiver() {
    guard let first = webhookEndpoints.all.first(where: { $0["disabled"] != true }) else {
      context.outbox.settings[Self.name] = nil
      return
    }
    var settings = WebhookSettings(
      url: first.text("url"), username: first["basic_auth_username"]?.string,
      password: webhookPasswords[first.text("id")] ?? "")
    let events = first["enabled_events"]?.array?.compactMap(\.string)
    settings.events = events.map { Set($0) }
    context.outbox.settings[Self.name] = settings
  }
}
