import Catalog
public import Values

extension FlowStore {
  /// The other enabled flow connections that grant something else for the events of one, by name.
  ///
  /// They start with the same events of the same account, and take the same action in the same account
  /// with other fields. Events start runs in the order of the flow connections' names.
  public func rivals(of flow: FlowConnection) throws(Problem) -> [FlowRival] {
    var rivals: [FlowRival] = []
    for other in try connections() where other.isEnabled && other.name != flow.name {
      guard try haveSameEvents(flow, other) else { continue }
      if let step = try disputed(flow, other) {
        rivals.append(FlowRival(name: other.name, step: step))
      }
    }
    return rivals
  }

  /// The first action of two flow connections that grants different things in one account.
  private func disputed(
    _ one: FlowConnection, _ other: FlowConnection
  ) throws(Problem) -> StepID? {
    for mine in one.parts.dropFirst() {
      for theirs in other.parts.dropFirst() where theirs.step == mine.step {
        if spec(of: mine)?.grantsDiffer(mine.payload, theirs.payload) == true,
          try isSameAccount(mine, theirs)
        {
          return mine.step
        }
      }
    }
    return nil
  }

  private func haveSameEvents(
    _ one: FlowConnection, _ other: FlowConnection
  ) throws(Problem) -> Bool {
    guard let mine = one.parts.first, let theirs = other.parts.first,
      let trigger = spec(of: mine), let its = spec(of: theirs), try isSameAccount(mine, theirs)
    else { return false }
    return try trigger.overlaps(
      its, payloads: (mine.payload, theirs.payload),
      settings: (
        connectionStore.get(mine.connection).settings,
        connectionStore.get(theirs.connection).settings
      ))
  }

  private func isSameAccount(
    _ one: FlowConnection.Part, _ other: FlowConnection.Part
  ) throws(Problem) -> Bool {
    try connectionStore.get(one.connection).scope == connectionStore.get(other.connection).scope
  }

  private func spec(of part: FlowConnection.Part) -> StepSpec? {
    catalog.apps[part.step.app]?.steps[part.step.name]
  }
}
