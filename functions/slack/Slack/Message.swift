public import StepKit
public import Values

/// A message in a channel of Slack.
public enum Message {
  /// The longest text, in characters: Slack asks for no more than 4,000
  /// (docs.slack.dev/reference/methods/chat.postMessage).
  private static let maxText = 4000

  /// The request that posts the message of a call.
  ///
  /// A connection with a channel has a bot token and posts by the Web API. One without has an incoming
  /// webhook, whose URL stands for the whole request and names the channel.
  ///
  /// - Throws: A permanent failure if there is nothing to post, or a webhook is to post elsewhere.
  public static func effect(
    of call: Invocation<JSON>, as name: String = "posted"
  ) throws(Halt) -> Effect {
    let text = MessageText.bounded(
      MessageText.of(call.input, template: call.payload["text"].nonBlank, escape: escaped),
      to: maxText)
    guard text.nonBlank != nil else {
      throw .permanent("the message would be empty: set the field text of slack/post-message")
    }
    let other = call.payload["channel"].nonBlank
    guard let channel = call.settings["channel"].nonBlank else {
      guard other == nil else {
        throw .permanent(
          "the connection posts by a webhook, which is bound to one channel: for another channel, use"
            + " a connection with a bot token")
      }
      return .post(name, "/", body: ["text": .string(text)])
    }
    return .post(
      name, "/chat.postMessage",
      body: ["channel": .string(other ?? channel), "text": .string(text)])
  }

  /// A text in which nothing has a meaning for Slack
  /// (docs.slack.dev/messaging/formatting-message-text, "Escaping text").
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      default: escaped.append(character)
      }
    }
  }
}
