/// Why a step cannot go on, sorted by whether time may help.
///
/// A reason is a sentence for a person: what was refused, by whom, and what to do where that is
/// known. It never holds a secret, since a step has none.
public enum Failure: Error, Sendable, Hashable {
  /// Trying again would change nothing: a person must look.
  case permanent(String)
  /// Worth another try, after so many seconds where the other side said how many.
  case temporary(String, after: Int? = nil)

  /// The reason.
  public var reason: String {
    switch self {
    case .permanent(let reason): reason
    case .temporary(let reason, _): reason
    }
  }
}
