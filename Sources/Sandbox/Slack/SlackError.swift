/// A refusal of Slack.
enum SlackError: Error, Equatable {
  /// An error by its word: https://docs.slack.dev/reference/methods/chat.postMessage#errors.
  case word(String)
  /// Too many messages; the seconds until another one is taken.
  case limited(Int)

  /// The word of the error in the Web API.
  var word: String {
    switch self {
    case .word(let word): word
    case .limited: "ratelimited"
    }
  }
}
