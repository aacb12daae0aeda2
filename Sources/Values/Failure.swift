/// The failure of a step, by whether a retry may help.
///
/// The reason is a sentence for a person: what was refused, by whom, and what to do. It holds no
/// secret, since a step has none.
public enum Failure: Error, Sendable, Hashable {
  /// A retry would change nothing: a person must act.
  case permanent(String)
  /// A retry may help, after a number of seconds if the other side gave one.
  case temporary(String, after: Int? = nil)

  /// The reason.
  public var reason: String {
    switch self {
    case .permanent(let reason): reason
    case .temporary(let reason, _): reason
    }
  }
}
