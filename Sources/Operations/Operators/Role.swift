/// What an operator may do; each role may do all that the ones before it may.
public enum Role: String, Sendable, CaseIterable, Comparable {
  /// Sees everything but personal data that the home redacts; changes nothing.
  case viewer
  /// Retries and settles runs, links ids, enables and disables flow connections.
  case `operator`
  /// Also grants what a policy holds back.
  case approver
  /// Also changes connections, secrets, flows and operators.
  case administrator

  /// The names of all roles.
  public static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// Whether one role may do less than the other.
  public static func < (one: Role, other: Role) -> Bool { one.rank < other.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
