public import Catalog
public import Setup
public import Values

extension Registry {
  /// Connects a flow; `replacing` allows another flow connection of that name to be replaced, as long as
  /// it has no open runs: they count the steps of the flow that it has.
  ///
  /// - Throws: as `FlowStore.connect`, and `refused` where runs are
  ///   open.
  public func connect(
    flow id: String, name: String, connections: [StepID: String],
    settings: [StepID: [String: String]] = [:], removing: [StepID: Set<String>] = [:],
    replacing: Bool = false,
    check: (FlowConnection) throws(Problem) -> Void = { (_) throws(Problem) in }
  ) throws(Problem) -> FlowConnection {
    try flows.connect(
      flow: id, name: name, connections: connections, settings: settings,
      removing: removing, replacing: replacing ? replaceable(name) : nil, check: check)
  }

  private func replaceable(_ name: String) throws(Problem) -> FlowConnection {
    let old = try flows.connection(name)
    let open = try RunStore(home: home).open().filter { $0.flowConnection == name }
    guard open.isEmpty else {
      throw Problem(
        .refused,
        "open runs of \(name), \(open.count) in number, began with the flow that it has: wait for them"
      )
    }
    return old
  }
}
