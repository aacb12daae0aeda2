public import StepKit
import Values

/// The meaning of Slack's answer to a message.
public enum Posting {
  /// The seconds after which a message is posted again whose fate is unknown.
  ///
  /// Slack has no idempotency keys: each try may be another message, so tries are far apart.
  private static let doubtPause = 600

  /// Whether an answer of status 2xx is none of Slack's, so that the message may not be posted.
  public static func isMeaningless(_ answer: Answer) -> Bool {
    answer.isSuccess && !isGood(answer)
  }

  /// The note on a message that was posted.
  ///
  /// Errors are a word: the text of the answer, or its member `error`.
  ///
  /// - Throws: A temporary failure if nobody can say whether the message was posted, a permanent one if
  ///   Slack refused it.
  public static func note(_ answer: Answer) throws(Halt) -> String {
    guard !isGood(answer) else { return "Slack posted the message" }
    guard let status = answer.status, !answer.isTemporary else {
      throw .temporary(
        "nobody can say whether Slack posted the message; it will be posted again, and may appear"
          + " twice", after: doubtPause)
    }
    guard !answer.isSuccess else {
      throw .permanent(
        "the answer to the message is none of Slack's: is another server in its place?")
    }
    let word = answer.value["error"].nonBlank ?? answer.value.verbatim
    let error = word?.truncated(to: 60) ?? "\(status)"
    throw .permanent("Slack did not post the message (\(error))" + (remedy(error) ?? ""))
  }

  /// Whether a message was posted: a webhook answers with the text `ok`, the Web API with `{"ok":true}`.
  private static func isGood(_ answer: Answer) -> Bool {
    answer.isSuccess && (answer.value == "ok" || answer.value["ok"] == true)
  }

  private static func remedy(_ error: String) -> String? {
    switch error {
    case "no_service", "no_team", "invalid_token":
      ": the webhook was removed; give the connection another with `meterbridge connection set`"
    case "channel_not_found", "not_in_channel":
      ": set the ID of a channel to which the bot is invited"
    case "is_archived", "channel_is_archived": ": the channel is archived; choose another"
    case "action_prohibited", "restricted_action":
      ": an administrator of the workspace restricts who may post"
    case "missing_scope": ": the bot needs the scope chat:write"
    default: nil
    }
  }
}
