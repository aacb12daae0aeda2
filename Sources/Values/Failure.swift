/// The failure of a step, by whether a retry may help.
///
/// The reason is a sentence for a person: what was refused, by whom, and what to do. It holds no
/// secret, since a step has none.
public enum Failure: Error, Sendable, Hashable {
  /// A retry would change nothing: a person must act.
  case permanent(String)
  /// A retry may help, after a number of seconds if the other side gave one.
  case temporary(String, after: Int? = nil)

  /// The failure of a request for a thing that an app did not answer, so that nobody knows what came of it;
  /// `isMissing` says that it was looked for since, and is not there.
  public static func unanswered(
    _ app: String, _ thing: String, isMissing: Bool = false
  ) -> Failure {
    let missing = isMissing ? ", which is not there yet" : ""
    return .temporary(
      "\(app) did not answer for \(thing)\(missing); Meterbridge looks again before it sends anything",
      after: 30)
  }

  /// The reason.
  public var reason: String {
    switch self {
    case .permanent(let reason): reason
    case .temporary(let reason, _): reason
    }
  }
}
