/// What stands in the way of a command or a request, for a person to act on.
public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of problem, as sysexits(3) numbers them.
  public enum Kind: Int32, Sendable {
    /// The command was used wrongly.
    case usage = 64
    /// What was given is not what it should be.
    case data = 65
    /// What was named is not there.
    case noInput = 66
    /// Something that is needed does not answer.
    case unavailable = 69
    /// A mistake of ours.
    case software = 70
    /// Something cannot be written.
    case cannotCreate = 73
    /// Reading or writing failed.
    case io = 74
    /// Worth another try later.
    case temporary = 75
    /// The other side, or a guard of ours, refused.
    case refused = 77
    /// Something is set up wrongly.
    case configuration = 78
  }

  /// The kind, whose number is the exit status.
  public let kind: Kind
  /// What is wrong, why, and what to do.
  public let description: String

  /// A problem of a kind.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
