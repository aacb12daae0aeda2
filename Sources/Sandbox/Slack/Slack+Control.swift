import Values

/// Actions of people in the Slack workspace.
extension Slack {
  mutating func control(
    _ method: String, _ path: [String], _ body: JSON
  ) throws(SandboxError) -> JSON? {
    switch "\(method) \(path.joined(separator: "/"))" {
    case "POST channels": return try setChannel(body)
    case "POST settings":
      let request = try ControlRequest(body, "messagesPerSecond")
      settings.messagesPerSecond = try request.limit(
        "messagesPerSecond", or: settings.messagesPerSecond)
      return [:]
    case "DELETE webhook":
      isWebhookRemoved = true
      return [:]
    default: return nil
    }
  }

  /// Adds a channel, or changes one.
  private mutating func setChannel(_ body: JSON) throws(SandboxError) -> JSON {
    let request = try ControlRequest(body, "id", "hasBot", "isArchived")
    let id = try request.text("id")
    var channel = channels[id] ?? SlackChannel(id: id)
    channel.hasBot = try request.flag("hasBot", or: channel.hasBot)
    channel.isArchived = try request.flag("isArchived", or: channel.isArchived)
    channels[id] = channel
    return channel.json
  }
}
