/// An error of a command or a request that a person can act on.
public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of problem; the raw value is the exit status by sysexits(3).
  public enum Kind: Int32, Sendable {
    /// The command was used wrongly.
    case usage = 64
    /// The input is invalid.
    case data = 65
    /// The input does not exist.
    case noInput = 66
    /// A service that is needed does not respond.
    case unavailable = 69
    /// An internal error.
    case software = 70
    /// A file cannot be created.
    case cannotCreate = 73
    /// Reading or writing failed.
    case io = 74
    /// A retry may help.
    case temporary = 75
    /// The other side, or a check of Meterbridge, refused.
    case refused = 77
    /// The configuration is wrong.
    case configuration = 78
  }

  /// The kind, and with it the exit status.
  public let kind: Kind
  /// What is wrong, why, and what to do about it; of several faults, each has a line.
  public let description: String
  private var isList = false

  /// A problem of a kind.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// Several faults of one kind.
  public init(_ kind: Kind, faults: [String]) {
    self.init(kind, faults.map { $0.displayed() }.joined(separator: "\n"))
    isList = true
  }

  /// The description, or each fault of a list.
  public var lines: [String] {
    isList ? description.split(separator: "\n").map(String.init) : [description]
  }
}
