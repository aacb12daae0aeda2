import HTTPTypes
import StepKit
import Values

/// An incoming webhook of Slack, and the methods of the Web API that the integration calls:
/// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks,
/// https://docs.slack.dev/reference/methods/chat.postMessage.
struct Slack: Emulation {
  static let name = "slack"
  static let root = ["api"]

  var settings: SlackSettings
  var context = SandboxContext.idle
  /// The channels by ID.
  var channels: [String: SlackChannel]
  /// Whether the webhook was removed.
  var isWebhookRemoved = false
  var limiter = RateLimiter()

  init(settings: SlackSettings) {
    self.settings = settings
    channels = [settings.channel: SlackChannel(id: settings.channel)]
  }

  static func error(_ status: Int) -> Reply {
    let word =
      switch status {
      case 401: "invalid_auth"
      case 429: "ratelimited"
      case 500...: "internal_error"
      default: "invalid_arguments"
      }
    return Reply(status, ["ok": false, "error": .string(word)])
  }

  /// The path of a webhook is its key.
  static func hidesTarget(of path: [String]) -> Bool { path.first == "services" }

  var state: JSON {
    ["channels": .array(channels.values.sorted { $0.id < $1.id }.map(\.json))]
  }

  mutating func answer(_ call: Call) -> Reply {
    switch call.path.first {
    case "services": return answerWebhook(call)
    case "api" where call.path.count == 2:
      do throws(SlackError) {
        return try perform(call.path[1], call)
      } catch {
        if case .limited(let seconds) = error { return Self.error(429).retry(after: seconds) }
        return Reply(200, ["ok": false, "error": .string(error.word)])
      }
    default: return Reply(404, text: "not_found")
    }
  }

  // MARK: Webhooks

  /// Answers with plain words, as incoming webhooks do.
  private mutating func answerWebhook(_ call: Call) -> Reply {
    guard Array(call.path.dropFirst()) == settings.webhook, !isWebhookRemoved else {
      return Reply(404, text: "no_service")
    }
    guard call.method == "POST" else { return Reply(405, text: "method_not_allowed") }
    do throws(SlackError) {
      _ = try post(SlackMessage(call), in: settings.channel)
      return Reply(200, text: "ok")
    } catch {
      switch error {
      case .limited(let seconds): return Reply(429, text: "rate_limited").retry(after: seconds)
      case .word("is_archived"): return Reply(410, text: "channel_is_archived")
      case .word("channel_not_found"): return Reply(404, text: error.word)
      case .word("not_in_channel"): return Reply(403, text: "action_prohibited")
      case .word: return Reply(400, text: error.word)
      }
    }
  }

  // MARK: The Web API

  private mutating func perform(_ method: String, _ call: Call) throws(SlackError) -> Reply {
    guard ["chat.postMessage", "auth.test"].contains(method) else { throw .word("unknown_method") }
    guard let header = call.headers["Authorization"] else { throw .word("not_authed") }
    guard header == "Bearer \(settings.token)" else { throw .word("invalid_auth") }
    guard call.method == "POST" else { throw .word("method_not_supported") }
    if method == "auth.test" {
      return Reply(200, ["ok": true, "team": "Sandbox", "user": "meterbridge", "bot_id": "B0BOT"])
    }
    let message = try SlackMessage(call)
    guard let channel = message.channel else { throw .word("channel_not_found") }
    let posted = try post(message, in: channel)
    return Reply(
      200, ["ok": true, "channel": .string(channel), "ts": posted["ts"], "message": posted])
  }

  private mutating func post(
    _ message: SlackMessage, in id: String
  ) throws(SlackError) -> JSON {
    if let wait = limiter.count(limit: settings.messagesPerSecond, per: 1, at: context.now) {
      throw .limited(wait)
    }
    guard var channel = channels[id] else { throw .word("channel_not_found") }
    guard channel.hasBot else { throw .word("not_in_channel") }
    guard !channel.isArchived else { throw .word("is_archived") }
    let milliseconds = context.now.milliseconds
    let micros = milliseconds % 1000 * 1000 + channel.messages.count % 1000
    let fraction = String(micros + 1_000_000).dropFirst()
    let posted: JSON = .members([
      "type": "message", "text": .string(message.text), "blocks": message.blocks,
      "ts": .string("\(milliseconds / 1000).\(fraction)"),
    ])
    channel.messages.append(posted)
    channels[id] = channel
    return posted
  }
}
