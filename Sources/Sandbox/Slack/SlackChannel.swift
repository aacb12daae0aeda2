import Values

/// A channel of the simulated Slack workspace.
struct SlackChannel: Sendable {
  let id: String
  /// Whether the bot was invited to it.
  var hasBot = true
  var isArchived = false
  var messages: [JSON] = []

  var json: JSON {
    [
      "id": .string(id), "hasBot": .bool(hasBot), "isArchived": .bool(isArchived),
      "messages": .array(messages),
    ]
  }
}
