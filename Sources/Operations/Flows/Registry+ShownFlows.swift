public import Catalog
public import Setup
public import Values

extension Registry {
  /// Flows with their flow connections, as `flow list --json` prints them.
  public func shownFlows(where isWanted: (Flow) -> Bool = { _ in true }) throws(Problem) -> [JSON] {
    let connected = try flows.connections()
    return try flows.all().filter(isWanted).map { flow in
      let own = connected.filter { flow.hasID($0.flow) }.map(\.json)
      return .object((flow.shown.object ?? [:]).merging(["connections": .array(own)]) { $1 })
    }
  }

  /// A flow connection with its rivals, as `flow show --json` prints it.
  public func shown(_ connected: FlowConnection) throws(Problem) -> JSON {
    let rivals = try flows.rivals(of: connected)
    let members: [String: JSON] = rivals.isEmpty ? [:] : ["rivals": .texts(rivals.map(\.name))]
    return .object((connected.json.object ?? [:]).merging(members) { $1 })
  }

  /// Looks up in the apps what the fields of a flow connection name.
  ///
  /// - Returns: What could not be looked up, a warning for each.
  /// - Throws: `configuration` if something does not exist or cannot be used.
  public func checkFields(of flow: FlowConnection) throws(Problem) -> [String] {
    let check = try examine(fieldsOf: flow)
    if let wrong = check.findings.first(where: { !$0.isGood }) {
      throw Problem(
        .configuration,
        "nothing was connected: \(wrong.subject) \(wrong.words); --no-check connects it all the same"
      )
    }
    return check.unknown.map { "not checked: \($0)" }
      + check.mayNotRead.map { "not checked: the key may not read the \($0.lowercased())" }
  }
}

extension FlowRival {
  /// The disagreement, in a sentence without a full stop.
  public var words: String {
    "\(name) is enabled and grants something else for the same event (\(step))"
  }
}
