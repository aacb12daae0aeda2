/// What a server refused or closed for lack of room, counted from its start.
public struct ServerPressure: Sendable, Equatable {
  /// Idle connections that were closed for new ones.
  public var closedIdle = 0
  /// Connections that were refused or closed, since too many were open.
  public var refused = 0
  /// Connections that were refused, since too many of their address were open.
  public var refusedOfAddress = 0

  /// Nothing.
  public init() {}

  /// A text for the operator about what came since an earlier count.
  func text(since former: ServerPressure) -> String {
    let parts = [
      (closedIdle - former.closedIdle, "idle connections were closed for new ones"),
      (refused - former.refused, "connections were refused, since too many were open"),
      (
        refusedOfAddress - former.refusedOfAddress,
        "connections were refused, since too many of their address were open"
      ),
    ]
    return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: "; ")
  }
}
