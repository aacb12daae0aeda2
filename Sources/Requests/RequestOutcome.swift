public import StepKit

/// The outcome of a request to an API.
public enum RequestOutcome {
  /// The app answered; a replay is the stored answer to an earlier request with the same key.
  case answered(Answer, isReplay: Bool)
  /// The app cannot have received the request; the text is the reason.
  case notSent(String)
  /// The app may or may not have carried out the request; the text is the reason.
  case inDoubt(String)

  /// The label of the outcome in metrics: the class of the status, `not_sent` or `in_doubt`.
  public var result: String {
    switch self {
    case .answered(let answer, _): "\((answer.status ?? 0) / 100)xx"
    case .notSent: "not_sent"
    case .inDoubt: "in_doubt"
    }
  }
}
