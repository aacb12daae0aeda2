public import Setup
public import Values

extension Registry {
  /// The account whose events start a flow connection.
  public func account(of flow: FlowConnection) throws(Problem) -> String? {
    guard let trigger = flow.parts.first else { return nil }
    return try connections.get(trigger.connection).scope
  }
}
