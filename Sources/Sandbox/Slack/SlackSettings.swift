/// The settings of the simulated Slack workspace.
public struct SlackSettings: Sendable {
  /// The token of the bot.
  public var token = "xoxb-sandbox"
  /// The end of the path of the incoming webhook, after `/slack/services`.
  public var webhook = ["T000", "B000", "sandbox"]
  /// The channel of the webhook; the bot is invited to it.
  public var channel = "C0SANDBOX"
  /// The limit of messages per second; nil for no limit.
  ///
  /// Slack's limit is 1 for each channel: https://docs.slack.dev/apis/web-api/rate-limits.
  public var messagesPerSecond: Int?

  /// The settings of a new workspace.
  public init() {}
}
